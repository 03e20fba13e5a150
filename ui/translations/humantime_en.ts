<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>humantime::ui::CardText</name>
    <message numerus="yes">
        <source>and %n more</source>
        <translation>
            <numerusform>and %n more</numerusform>
            <numerusform>and %n more</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>humantime::ui::EventCanvas</name>
    <message numerus="yes">
        <source>, and %n more</source>
        <translation>
            <numerusform>, and %n more</numerusform>
            <numerusform>, and %n more</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>And %n event(s) more at this place: zoom in to see them.</source>
        <translation>
            <numerusform>And %n event more at this place: zoom in to see it.</numerusform>
            <numerusform>And %n events more at this place: zoom in to see them.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>humantime::ui::LettersView</name>
    <message numerus="yes">
        <source>Letters, %n event(s)</source>
        <translation>
            <numerusform>Letters, 1 event</numerusform>
            <numerusform>Letters, %n events</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>humantime::ui::RailsCanvas</name>
    <message numerus="yes">
        <source>%1, %n event(s)</source>
        <extracomment>An end and what happens there: &quot;Client, 12 events&quot;</extracomment>
        <translation>
            <numerusform>%1, 1 event</numerusform>
            <numerusform>%1, %n events</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>humantime::ui::StageTotalsPanel</name>
    <message numerus="yes">
        <source>distance, %n way(s)</source>
        <extracomment>How much of a journey is the distance between its ends, at the speed of light</extracomment>
        <translation>
            <numerusform>distance, 1 way</numerusform>
            <numerusform>distance, %n ways</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>humantime::ui::TimelineWindow</name>
    <message numerus="yes">
        <source>The display filter hides all %n event(s).</source>
        <translation>
            <numerusform>The display filter hides the only event.</numerusform>
            <numerusform>The display filter hides all %n events.</numerusform>
        </translation>
    </message>
</context>
</TS>

<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>humantime::ui::CalendarView</name>
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

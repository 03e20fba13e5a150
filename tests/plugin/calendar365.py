# SPDX-License-Identifier: GPL-2.0-or-later
"""The stretched calendar in exact Python integers: what the plugin's dates are compared with."""

from dataclasses import dataclass

SECONDS_PER_YEAR = 365 * 86400
MONTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def nanoseconds(decimal):
    """`-0.000420000`, as Wireshark writes seconds, as an integer."""
    sign = -1 if decimal.startswith("-") else 1
    seconds, _, fraction = decimal.lstrip("-").partition(".")
    return sign * (int(seconds) * 10**9 + int(fraction.ljust(9, "0")[:9] or "0"))


def seconds(nanoseconds_):
    """The other way round."""
    whole, fraction = divmod(abs(nanoseconds_), 10**9)
    return f"{'-' if nanoseconds_ < 0 else ''}{whole}.{fraction:09}"


@dataclass(frozen=True)
class Date:
    """The date that lies `since_origin` nanoseconds of the capture behind the origin: always the floor."""

    since_origin: int
    seconds_per_year: int = 1

    @property
    def elapsed(self):
        """Stretched nanoseconds."""
        return self.since_origin * SECONDS_PER_YEAR // self.seconds_per_year

    @property
    def parts(self):
        """Year, month, day, hour, minute, second."""
        days, second = divmod(self.elapsed // 10**9, 86400)
        year, day = divmod(days, 365)
        month = 0
        while day >= MONTHS[month]:
            day -= MONTHS[month]
            month += 1
        return year + 1, month + 1, day + 1, second // 3600, second // 60 % 60, second % 60

    def english(self):
        year, month, day, hour, minute, second = self.parts
        before = "" if year == 1 else f"Year {year}, "
        return f"{before}{NAMES[month - 1]} {day}, {hour:02}:{minute:02}:{second:02}"

    def japanese(self):
        year, month, day, hour, minute, second = self.parts
        before = "" if year == 1 else f"{year}年目 "
        half = "午前" if hour < 12 else "午後"
        return f"{before}{month}月{day}日 {half}{hour % 12}時{minute}分{second}秒"

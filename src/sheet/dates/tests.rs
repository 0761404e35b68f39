use super::*;

/// 2026-03-22T17:56:37Z.
const THEN: i64 = 1_774_202_197;

#[test]
fn every_way_to_write_a_moment() {
    let clock = Clock { order: DayOrder::Mdy, zone: 0, now: Some(THEN + 40 * DAY) };
    for text in [
        "2026-03-22T17:56:37Z",
        "2026-03-22T17:56:37.3963933+00:00",
        "2026-03-22 18:56:37+0100",
        "2026-03-22 17:56:37",
        "2026/03/22 17:56:37",
        "20260322T175637Z",
        "20260322175637",
        "3/22/2026 5:56:37 PM",
        "03/22/2026 17:56:37",
        "3/22/26 5:56:37 p.m.",
        "3/22/2026 5:56:37\u{202f}PM",
        "22.03.2026 17:56:37",
        "22-Mar-2026 17:56:37",
        "22 Mar 2026 17:56:37",
        "Sun, 22 Mar 2026 13:56:37 -0400",
        "Sun, 22 Mar 2026 17:56:37 UTC",
        "Sun Mar 22 2026 18:56:37 GMT+0100 (Central European Standard Time)",
        "Sun Mar 22 17:56:37 2026",
        "Mar 22, 2026 5:56:37 PM",
        "March 22, 2026, 5:56:37 PM",
        "Mar 22 17:56:37",
        "22/Mar/2026:17:56:37 +0000",
        "1774202197",
        "1774202197.25",
        "1774202197000",
        "1774202197000000",
        "'1774202197",
        "@4000000069c02d5f0ad2e3a4",
    ] {
        assert_eq!(clock.read(text), Some(THEN), "{text}");
    }
    assert_eq!(clock.read("1.7742E+09"), Some(1_774_200_000), "what a spreadsheet leaves of it");
    assert_eq!(clock.read("46103.5").map(|time| time % DAY), Some(DAY / 2));
    assert_eq!(clock.read("46103"), clock.read("2026-03-22"));
    assert_eq!(clock.read("5/1/2024"), clock.read("2024-05-01"));
}

#[test]
fn what_is_no_date_or_two() {
    let open = Clock::default();
    for text in ["", "11/12/2026", "5.1.1", "550 5.1.1", "2026-02-30", "13/13/2026", "12:30", "Hard bounce", "Mar 22 17:56:37", "7", "-"] {
        assert_eq!(open.read(text), None, "{text}");
    }
    assert_eq!(open.read("22/03/2026"), open.read("2026-03-22"), "the number tells");
    assert_eq!(open.read("5/5/2026"), open.read("2026-05-05"), "both ways the same");
}

#[test]
fn zones_are_taken_off() {
    let central = Clock { order: DayOrder::Mdy, zone: zone("-06:00").unwrap_or_default(), now: None };
    assert_eq!(central.read("3/22/2026 11:56:37 AM"), Some(THEN));
    assert_eq!(central.read("2026-03-22T17:56:37Z"), Some(THEN), "a named zone goes before the file's");
    assert_eq!([zone("UTC"), zone("+0530"), zone("-6"), zone("Mars")], [Some(0), Some(19_800), Some(-21_600), None]);
}

#[test]
fn lines_begin_with_their_time() {
    let clock = Clock { now: Some(THEN + DAY), ..Clock::default() };
    for line in [
        "Mar 22 17:56:37 mx1 postfix/smtp[1]: x",
        "<22>Mar 22 17:56:37 mx1 postfix/smtp[1]: x",
        "<22>1 2026-03-22T17:56:37Z mx1 x",
        "2026-03-22T18:56:37.123456+01:00 mx1 x",
        "2026-03-22 17:56:37 1tABCD-000000001Xy-2aBC ** x",
        "2026-03-22 18:56:37.001 +0100 [12] 1tABCD-0001Xy-2a ** x",
        "@4000000069c02d5f0ad2e3a4 delivery 1: success: x",
        "1774202197@00/01@x",
    ] {
        assert_eq!(clock.line(line), Some(THEN), "{line}");
    }
    assert_eq!(clock.line("Dec 31 23:00:00 mx1 x"), Clock::default().read("2025-12-31 23:00:00"), "never in the future");
}

#[test]
fn days_and_dates_agree() {
    for day in (-20_000..60_000).step_by(13) {
        let (year, month, date) = civil(day);
        assert_eq!(days(year, month, date), Some(day));
    }
}

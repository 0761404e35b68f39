//! SMTP dialogues as people paste them: telnet and openssl, swaks, curl, sendmail -v, msmtp, and the debug output of libraries.
//!
//! The marks before a line (`->`, `<**`, `>>>`, `S:`) are taken off; who speaks is told by what is said, for libraries disagree on
//! the direction of their arrows.

use std::collections::VecDeque;
use std::sync::OnceLock;

use aho_corasick::AhoCorasick;

use super::draft::Draft;
use super::{Event, Fate, Notice, Span, scan};
use crate::verdict::{Form, Stage};

/// Reads an SMTP dialogue: one event for each refusal, or for each recipient accepted. `None` where there is no dialogue.
pub fn read(text: &str) -> Option<Notice> {
    let lines: Vec<&str> = text.lines().map(content).filter(|line| !line.is_empty()).collect();
    let spoken = lines.iter().any(|line| command(line).is_some_and(|command| command.stage.is_some_and(|stage| stage != Stage::Data)));
    let connected = lines.iter().any(|line| connected_to(line).is_some());
    let answered = lines.iter().any(|line| scan::reply_code(line).is_some());
    if !answered || !(spoken || connected) {
        return None;
    }
    let mut talk = Talk { dots: lines.iter().filter(|line| **line == ".").count(), ..Talk::new(text) };
    lines.iter().for_each(|line| talk.line(line));
    talk.finish()
}

/// What was sent and not answered yet.
struct Command<'t> {
    stage: Option<Stage>,
    recipient: Option<&'t str>,
}

/// A dialogue in the reading.
struct Talk<'t> {
    draft: Draft<'t>,
    pending: VecDeque<Command<'t>>,
    /// The lines of a reply whose last one is still to come.
    reply: Vec<&'t str>,
    accepted: Vec<&'t str>,
    host: Option<&'t str>,
    /// After `354`: the message's own lines follow, up to the dot.
    in_message: bool,
    /// Lines that are one dot, still to come.
    dots: usize,
    begun: bool,
}

impl<'t> Talk<'t> {
    fn new(text: &'t str) -> Self {
        Self {
            draft: Draft::new(text),
            pending: VecDeque::new(),
            reply: Vec::new(),
            accepted: Vec::new(),
            host: None,
            in_message: false,
            dots: 0,
            begun: false,
        }
    }

    fn line(&mut self, line: &'t str) {
        if line == "." {
            self.dots = self.dots.saturating_sub(1);
            self.in_message = false;
        } else if self.in_message && self.dots > 0 {
        } else if let Some(code) = scan::reply_code(line) {
            self.reply.push(line);
            if line.as_bytes().get(3) != Some(&b'-') {
                self.answer(code);
            }
        } else if let Some(command) = command(line).filter(|_| !self.in_message) {
            self.begun = true;
            self.pending.push_back(command);
        } else if let Some(host) = connected_to(line) {
            self.host = self.host.or(Some(host));
        }
    }

    /// Takes a whole reply to the oldest command that waits for one.
    fn answer(&mut self, code: u16) {
        let lines = std::mem::take(&mut self.reply);
        let banner = !self.begun && self.pending.is_empty();
        let asked = self.pending.pop_front().unwrap_or(Command { stage: banner.then_some(Stage::Banner), recipient: None });
        if banner && code == 220 {
            self.host = self.host.or_else(|| lines.first().and_then(|line| scan::host(line.get(4..)?)));
        }
        self.in_message = code == 354;
        match code {
            334 => self.pending.push_front(Command { stage: Some(Stage::Auth), recipient: None }),
            354 => self.pending.push_front(Command { stage: Some(Stage::EndOfData), recipient: None }),
            400.. => self.refused(code, &asked, &lines),
            200..300 if asked.stage == Some(Stage::RcptTo) => self.accepted.extend(asked.recipient),
            200..300 if asked.stage == Some(Stage::EndOfData) => self.arrived(&lines),
            _ => {}
        }
    }

    fn refused(&mut self, code: u16, asked: &Command<'t>, lines: &[&'t str]) {
        let stage = asked.stage.unwrap_or(Stage::Unknown);
        let late = matches!(stage, Stage::Data | Stage::EndOfData);
        // `503 need MAIL` and `554 no valid recipients` only follow from the refusal before; a refused EHLO is tried again as HELO.
        let unasked = asked.stage.is_none() && code != 421;
        let follows = !self.draft.events.is_empty() && (code == 503 || unasked || late && self.accepted.is_empty());
        if follows || stage == Stage::Helo && matches!(code, 500 | 502) {
            return;
        }
        let fate = if stage == Stage::Auth { Fate::BeforeHandOff } else { Fate::Failed };
        let event = Event { fate, stage: asked.stage.map(|stage| (stage, None)), ..Event::default() };
        let recipients = if late { std::mem::take(&mut self.accepted) } else { asked.recipient.into_iter().collect() };
        self.push(event, &recipients, lines);
    }

    fn arrived(&mut self, lines: &[&'t str]) {
        let recipients = std::mem::take(&mut self.accepted);
        self.push(Event { fate: Fate::Delivered, ..Event::default() }, &recipients, lines);
    }

    fn push(&mut self, mut event: Event, recipients: &[&'t str], lines: &[&'t str]) {
        event.words.extend(self.words(lines));
        event.hosts.extend(self.host.map(str::to_owned));
        let each = recipients.iter().map(|recipient| Event { recipient: Some((*recipient).to_owned()), ..event.clone() });
        if recipients.is_empty() {
            self.draft.push(event);
        } else {
            for event in each {
                self.draft.push(event);
            }
        }
    }

    /// The lines of a reply: as they stand where nothing is between them, else put together.
    fn words(&mut self, lines: &[&str]) -> Option<Span> {
        let (first, last) = (self.draft.span(lines.first()?)?, self.draft.span(lines.last()?)?);
        let whole = Span { end: last.end, ..first };
        let plain: usize = lines.iter().map(|line| line.len()).sum();
        let bare = self.draft.text(whole).bytes().filter(|byte| !matches!(byte, b'\r' | b'\n')).count() == plain;
        if lines.len() == 1 || bare { Some(whole) } else { self.draft.decoded("reply", &lines.join("\n")) }
    }

    fn finish(mut self) -> Option<Notice> {
        if !self.reply.is_empty() {
            let code = self.reply.last().and_then(|line| scan::reply_code(line)).unwrap_or_default();
            self.answer(code);
        }
        let failed = self.draft.events.iter().any(|event| event.fate != Fate::Delivered);
        let done = failed || !self.draft.events.is_empty();
        done.then(|| self.draft.finish(Form::Transcript))
    }
}

/// What stands before what is said: arrows and names of the speaker.
const MARKS: [&str; 25] = [
    "CLIENT -> SERVER:",
    "SERVER -> CLIENT:",
    "SMTP INBOUND:",
    "<** ",
    "<~* ",
    "<-- ",
    "--> ",
    "<<< ",
    ">>> ",
    "<- ",
    "-> ",
    "<~ ",
    "~> ",
    "<= ",
    "=> ",
    "< ",
    "> ",
    "C: ",
    "S: ",
    "send: ",
    "reply: ",
    "Client: ",
    "Server: ",
    "SEND: ",
    "RECV: ",
];

/// Where what is said begins, behind the first mark that only a time, a level or an id stands before.
fn speech(line: &str) -> Option<usize> {
    static MACHINE: OnceLock<Option<AhoCorasick>> = OnceLock::new();
    let machine = MACHINE.get_or_init(|| AhoCorasick::new(MARKS).ok()).as_ref()?;
    let head = &line[..line.floor_char_boundary(72)];
    let marks = machine.find_overlapping_iter(head).map(|mark| (mark.start(), mark.end()));
    marks.filter(|(at, _)| leads(line, *at)).min().map(|(_, end)| end)
}

/// What is said on a line, without time stamps, marks and quotes.
fn content(line: &str) -> &str {
    let line = line.trim();
    let said = speech(line).and_then(|end| line.get(end..)).unwrap_or(line).trim();
    let said = said.strip_prefix("b'").or_else(|| said.strip_prefix("b\"")).unwrap_or(said).trim_matches(['"', '\'']);
    said.trim_end_matches("\\n").trim_end_matches("\\r").trim()
}

/// Only a time, a level or an id may stand before a mark.
fn leads(line: &str, at: usize) -> bool {
    let head = line.get(..at).unwrap_or_default();
    let free = head.is_empty() || head.ends_with([' ', ']', '\t', ':']);
    free && at <= 48
        && (head.is_empty() || head.bytes().any(|byte| byte.is_ascii_digit() || byte == b'[') && scan::reply_code(head).is_none())
}

/// An SMTP command (RFC 5321 §4.1, RFC 4954, RFC 3207) in its own grammar, so that prose does not pass for one.
fn command(line: &str) -> Option<Command<'_>> {
    let line = line.trim();
    let of = |stage| Some(Command { stage, recipient: None });
    if let Some(path) = scan::strip_ci(line, "rcpt to:") {
        let bare = scan::between(path, "<", ">").unwrap_or_else(|| path.split_whitespace().next().unwrap_or_default());
        return Some(Command { stage: Some(Stage::RcptTo), recipient: Some(bare).filter(|bare| !bare.is_empty()) });
    }
    if scan::starts_ci(line, "mail from:") {
        return of(Some(Stage::MailFrom));
    }
    let (verb, rest) = line.split_once(' ').unwrap_or((line, ""));
    let one_word = !rest.is_empty() && !rest.trim().contains(' ');
    match verb.to_ascii_uppercase().as_str() {
        "EHLO" | "HELO" | "LHLO" if one_word => of(Some(Stage::Helo)),
        "DATA" if rest.is_empty() => of(Some(Stage::Data)),
        "STARTTLS" if rest.is_empty() => of(Some(Stage::Tls)),
        "AUTH" if ["LOGIN", "PLAIN", "CRAM", "XOAUTH2", "OAUTHBEARER", "NTLM"].iter().any(|name| scan::starts_ci(rest, name)) => {
            of(Some(Stage::Auth))
        }
        "BDAT" if rest.starts_with(|c: char| c.is_ascii_digit()) => of(Some(Stage::EndOfData)),
        "QUIT" | "RSET" | "NOOP" if rest.is_empty() => of(None),
        _ => None,
    }
}

/// `Connected to mx.example.com.`, as telnet, curl and swaks print it.
fn connected_to(line: &str) -> Option<&str> {
    let line = line.trim_start_matches(['*', '=', ' ']);
    line.strip_prefix("Connected to ").and_then(|host| scan::host(host).or_else(|| scan::ip(host.trim_end_matches('.'))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(notice: &Notice, event: &Event) -> String {
        event.words.first().map(|span| notice.parts[span.part].text[span.start..span.end].to_owned()).unwrap_or_default()
    }

    #[track_caller]
    fn check(text: &str, stage: Stage, recipient: Option<&str>, says: &str) -> Event {
        let notice = read(text).expect("a transcript");
        assert_eq!(notice.events.len(), 1, "{:#?}", notice.events);
        let event = notice.events[0].clone();
        assert_eq!(words(&notice, &event), says);
        assert_eq!(event.stage.map(|(stage, _)| stage), Some(stage));
        assert_eq!(event.recipient.as_deref(), recipient);
        event
    }

    #[test]
    fn telnet() {
        let text = "Trying 192.0.2.1...\nConnected to mx.example.com.\nEscape character is '^]'.\n220 mx.example.com ESMTP\nEHLO out.example.org\n250-mx.example.com\n250 SIZE 1000\nMAIL FROM:<a@example.org>\n250 2.1.0 Ok\nRCPT TO:<pat@example.com>\n550-5.1.1 The account\n550 5.1.1 is not here\nQUIT\n221 2.0.0 Bye\n";
        let event = check(text, Stage::RcptTo, Some("pat@example.com"), "550-5.1.1 The account\n550 5.1.1 is not here");
        assert_eq!(event.hosts, ["mx.example.com"]);
        check(
            "Connected to mx.example.com.\n554 5.7.1 Go away\nConnection closed by foreign host.",
            Stage::Banner,
            None,
            "554 5.7.1 Go away",
        );
    }

    #[test]
    fn telnet_message_lines_are_not_replies() {
        let text = "EHLO x\n250 ok\nMAIL FROM:<a@example.org>\n250 ok\nRCPT TO:<pat@example.com>\n250 ok\nDATA\n354 go on\nSubject: x\n\n550 people came\nDATA\n.\n554 5.7.1 Spam\n";
        check(text, Stage::EndOfData, Some("pat@example.com"), "554 5.7.1 Spam");
    }

    #[test]
    fn swaks() {
        let text = "=== Trying mx.example.com:25...\n=== Connected to mx.example.com.\n<-  220 mx.example.com ESMTP\n -> EHLO out.example.org\n<-  250 ok\n -> MAIL FROM:<a@example.org>\n<-  250 ok\n -> RCPT TO:<pat@example.com>\n<** 550-5.7.1 Not from\n<** 550 5.7.1 this host\n -> QUIT\n<-  221 bye\n";
        check(text, Stage::RcptTo, Some("pat@example.com"), "550-5.7.1 Not from\n550 5.7.1 this host");
    }

    #[test]
    fn curl_and_sendmail() {
        let text = "* Connected to mx.example.com (192.0.2.1) port 25\n< 220 mx\n> EHLO x\n< 250 ok\n> MAIL FROM:<a@example.org>\n< 250 ok\n> RCPT TO:<pat@example.com>\n< 250 ok\n> DATA\n< 354 go\n< 552 5.3.4 Too large\n* Closing connection\n";
        check(text, Stage::EndOfData, Some("pat@example.com"), "552 5.3.4 Too large");
        let text = "pat@example.com... Connecting to mx.example.com. via esmtp...\n>>> EHLO x\n250 ok\n>>> MAIL From:<a@example.org>\n<<< 250 ok\n>>> RCPT To:<pat@example.com>\n<<< 450 4.2.1 later\n";
        check(text, Stage::RcptTo, Some("pat@example.com"), "450 4.2.1 later");
    }

    #[test]
    fn libraries() {
        let php = "2026-11-02 10:00:00 SERVER -> CLIENT: 220 mx.example.com\n2026-11-02 10:00:00 CLIENT -> SERVER: EHLO x\n2026-11-02 10:00:00 SERVER -> CLIENT: 250 ok\n2026-11-02 10:00:00 CLIENT -> SERVER: MAIL FROM:<a@example.org>\n2026-11-02 10:00:00 SERVER -> CLIENT: 553 5.7.1 Sender not yours\n2026-11-02 10:00:00 CLIENT -> SERVER: RCPT TO:<pat@example.com>\n2026-11-02 10:00:00 SERVER -> CLIENT: 503 need MAIL\n";
        check(php, Stage::MailFrom, None, "553 5.7.1 Sender not yours");
        let node = "[2026-11-02 10:00:00] DEBUG [abc] S: 220 mx\n[2026-11-02 10:00:00] DEBUG [abc] C: EHLO x\n[2026-11-02 10:00:00] DEBUG [abc] S: 250 AUTH LOGIN\n[2026-11-02 10:00:00] DEBUG [abc] C: AUTH PLAIN x\n[2026-11-02 10:00:00] DEBUG [abc] S: 535 5.7.8 Bad credentials\n";
        assert_eq!(check(node, Stage::Auth, None, "535 5.7.8 Bad credentials").fate, Fate::BeforeHandOff);
        let python = "send: 'mail FROM:<a@example.org>\\r\\n'\nreply: b'250 ok\\r\\n'\nsend: 'rcpt TO:<pat@example.com>\\r\\n'\nreply: b'550 5.1.1 no such user\\r\\n'\nreply: retcode (550); Msg: b'5.1.1 no such user'\n";
        check(python, Stage::RcptTo, Some("pat@example.com"), "550 5.1.1 no such user");
    }

    #[test]
    fn several_recipients_of_a_pipeline() {
        let text = "C: MAIL FROM:<a@example.org>\nC: RCPT TO:<pat@example.com>\nC: RCPT TO:<sam@example.com>\nC: DATA\nS: 250 ok\nS: 550 5.1.1 no\nS: 250 ok\nS: 354 go\nS: 250 2.0.0 queued\n";
        let notice = read(text).expect("a transcript");
        let seen: Vec<_> = notice.events.iter().map(|event| (event.recipient.as_deref(), event.fate)).collect();
        assert_eq!(seen, [(Some("pat@example.com"), Fate::Failed), (Some("sam@example.com"), Fate::Delivered)]);
    }

    #[test]
    fn other_texts_are_no_dialogue() {
        for text in [
            "550 5.1.1 no (in reply to RCPT TO command)",
            "",
            "Data\n550 is the code",
            "> quoted\n> 550 5.1.1 no",
            "MAIL FROM:<a@b.example>",
        ] {
            assert!(read(text).is_none(), "{text}");
        }
    }
}

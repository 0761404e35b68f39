//! Errors printed as sentences: the library's own words lead to the server's.

use std::collections::HashSet;
use std::sync::OnceLock;

use aho_corasick::AhoCorasick;

use super::name_recipient;
use crate::read::draft::{Draft, fill_codes};
use crate::read::{Event, Fate, scan};
use crate::verdict::Stage;

/// The program's words before (or instead of) the server's.
struct Lead {
    mark: &'static str,
    stage: Option<Stage>,
    take: Take,
}

/// What stands at a lead, and what it means.
#[derive(Clone, Copy, PartialEq)]
enum Take {
    /// The server's reply follows.
    Reply,
    /// The reply to a login follows.
    Login,
    /// The program speaks of a connection: its own words count, and its port tells whether the sender's own relay was meant.
    Link,
    /// The program could not reach or enter its own relay: its own words count.
    Relay,
    /// A connection again, where what follows the lead is the reason.
    Reason,
}

const fn lead(mark: &'static str, stage: Option<Stage>, take: Take) -> Lead {
    Lead { mark, stage, take }
}

const LEADS: [Lead; 61] = [
    // Nodemailer
    lead("Can't send mail - all recipients were rejected: ", Some(Stage::RcptTo), Take::Reply),
    lead("Error: Message failed: ", Some(Stage::EndOfData), Take::Reply),
    lead("Invalid login: ", Some(Stage::Auth), Take::Login),
    lead("Mail command failed: ", Some(Stage::MailFrom), Take::Reply),
    lead("Recipient command failed: ", Some(Stage::RcptTo), Take::Reply),
    lead("Error: Data command failed: ", Some(Stage::Data), Take::Reply),
    lead("Invalid greeting. response=", Some(Stage::Banner), Take::Reply),
    lead("Greeting never received", Some(Stage::Banner), Take::Link),
    lead("Missing credentials for ", Some(Stage::Auth), Take::Relay),
    lead("connect ECONNREFUSED ", Some(Stage::Connect), Take::Link),
    lead("connect ETIMEDOUT ", Some(Stage::Connect), Take::Link),
    lead("connect EHOSTUNREACH ", Some(Stage::Connect), Take::Link),
    lead("connect ENETUNREACH ", Some(Stage::Connect), Take::Link),
    lead("read ECONNRESET", None, Take::Link),
    lead("getaddrinfo ENOTFOUND ", Some(Stage::Connect), Take::Relay),
    lead("getaddrinfo EAI_AGAIN ", Some(Stage::Connect), Take::Relay),
    lead("queryMx ENOTFOUND ", Some(Stage::Connect), Take::Link),
    // Python
    lead("SMTPServerDisconnected: ", None, Take::Reason),
    lead("ConnectionRefusedError: ", Some(Stage::Connect), Take::Reason),
    lead("TimeoutError: [Errno", Some(Stage::Connect), Take::Link),
    lead("TimeoutError: timed out", Some(Stage::Connect), Take::Link),
    lead("socket.timeout: ", Some(Stage::Connect), Take::Link),
    lead("socket.gaierror: ", Some(Stage::Connect), Take::Reason),
    // Symfony, SwiftMailer, Laravel
    lead(", with message \"", None, Take::Reply),
    lead("Failed to authenticate on SMTP server", Some(Stage::Auth), Take::Relay),
    lead("Connection could not be established with host ", Some(Stage::Connect), Take::Relay),
    // PHPMailer
    lead("SMTP Error: The following recipients failed: ", Some(Stage::RcptTo), Take::Reply),
    lead("SMTP Error: Could not authenticate", Some(Stage::Auth), Take::Relay),
    lead("SMTP Error: Could not connect to SMTP host", Some(Stage::Connect), Take::Relay),
    lead("SMTP connect() failed", Some(Stage::Connect), Take::Relay),
    // Jakarta Mail
    lead("SMTPSendFailedException: ", None, Take::Reply),
    lead("SMTPAddressFailedException: ", Some(Stage::RcptTo), Take::Reply),
    lead("SMTPSenderFailedException: ", Some(Stage::MailFrom), Take::Reply),
    lead("AuthenticationFailedException: ", Some(Stage::Auth), Take::Login),
    lead("Could not connect to SMTP host: ", Some(Stage::Connect), Take::Relay),
    lead("MailConnectException: ", Some(Stage::Connect), Take::Relay),
    // .NET and MailKit
    lead("The server response was: ", None, Take::Reply),
    lead("SmtpCommandException: ", None, Take::Reply),
    lead("SmtpProtocolException: ", None, Take::Reason),
    lead("MailKit.Security.AuthenticationException: ", Some(Stage::Auth), Take::Login),
    lead("No connection could be made because the target machine actively refused it", Some(Stage::Connect), Take::Link),
    // Ruby
    lead("Net::SMTPFatalError: ", None, Take::Reply),
    lead("Net::SMTPServerBusy: ", None, Take::Reply),
    lead("Net::SMTPSyntaxError: ", None, Take::Reply),
    lead("Net::SMTPUnknownError: ", None, Take::Reply),
    lead("Net::SMTPAuthenticationError: ", Some(Stage::Auth), Take::Login),
    lead("Errno::ECONNREFUSED: ", Some(Stage::Connect), Take::Reason),
    lead("Net::OpenTimeout: ", Some(Stage::Connect), Take::Reason),
    // Go
    lead("dial tcp", Some(Stage::Connect), Take::Link),
    lead("could not send email ", None, Take::Reply),
    // Command-line clients
    lead("curl: (7) ", Some(Stage::Connect), Take::Reason),
    lead("curl: (28) ", Some(Stage::Connect), Take::Reason),
    lead("curl: (6) ", Some(Stage::Connect), Take::Reason),
    lead("curl: (55) ", None, Take::Reply),
    lead("curl: (56) ", None, Take::Reply),
    lead("curl: (67) ", Some(Stage::Auth), Take::Relay),
    lead("msmtp: server message: ", None, Take::Reply),
    lead("msmtp: cannot connect to ", Some(Stage::Connect), Take::Relay),
    lead("msmtp: authentication failed", Some(Stage::Auth), Take::Relay),
    lead("*** Error connecting to ", Some(Stage::Connect), Take::Link),
    lead("telnet: Unable to connect to remote host: ", Some(Stage::Connect), Take::Reason),
];

fn machine() -> Option<&'static AhoCorasick> {
    static MACHINE: OnceLock<Option<AhoCorasick>> = OnceLock::new();
    MACHINE.get_or_init(|| AhoCorasick::new(LEADS.iter().map(|lead| lead.mark)).ok()).as_ref()
}

/// One event for each line with a lead that says something of its own; of several leads in a line, the last speaks and takes over
/// the stage of the first.
pub(super) fn read<'t>(draft: &mut Draft<'t>, text: &'t str) {
    let Some(machine) = machine() else { return };
    let addressed = text.contains("SMTPAddressFailedException: ");
    let mut said: HashSet<&str> = HashSet::new();
    let mut outer: Option<&Lead> = None;
    let (mut read_to, mut line) = (0, 0..0);
    let mut found = machine.find_iter(text).peekable();
    while let Some(hit) = found.next() {
        let Some(lead) = LEADS.get(hit.pattern().as_usize()).filter(|_| hit.start() >= read_to) else { continue };
        if hit.start() >= line.end {
            line = line_around(text, hit.start());
            outer = None;
        }
        if found.peek().is_some_and(|next| next.start() < line.end) {
            outer = outer.or(Some(lead));
            continue;
        }
        let words = lead.words(text, hit.start(), hit.end());
        read_to = hit.end() + words.len();
        let repeated = addressed && lead.mark == "SMTPSendFailedException: ";
        if !repeated && !words.is_empty() && said.insert(words) {
            let event = event(draft, lead, outer, text.get(..hit.start()).unwrap_or_default(), words);
            draft.push(event);
        }
    }
}

impl Lead {
    /// What counts as words at a hit.
    fn words<'t>(&self, text: &'t str, start: usize, end: usize) -> &'t str {
        match self.take {
            Take::Link | Take::Relay => statement(text, start),
            Take::Reply | Take::Login | Take::Reason => statement(text, end),
        }
    }
}

/// The line that holds this place.
fn line_around(text: &str, at: usize) -> std::ops::Range<usize> {
    let start = text.get(..at).and_then(|head| head.rfind('\n')).map_or(0, |end| end + 1);
    let end = text.get(at..).and_then(|rest| rest.find('\n')).map_or(text.len(), |length| at + length);
    start..end
}

fn event<'t>(draft: &mut Draft<'t>, lead: &Lead, outer: Option<&Lead>, before: &'t str, words: &'t str) -> Event {
    let before = tail(before, 2000);
    let line = before.rsplit('\n').next().unwrap_or_default();
    let command = words.split_once(" failed: ").map(|(command, _)| command);
    let named = command.and_then(scan::stage).or_else(|| awaited(line));
    let stage = lead.stage.or(outer.and_then(|lead| lead.stage)).or(named);
    let relay = lead.take == Take::Relay || stage == Some(Stage::Auth) || lead.stage == Some(Stage::Connect) && own_relay(words);
    let fate = if relay { Fate::BeforeHandOff } else { Fate::Failed };
    let stage = stage.map(|stage| if relay && stage == Stage::Connect { Stage::BeforeHandOff } else { stage });
    let mut event = Event { fate, stage: stage.map(|stage| (stage, None)), ..Event::default() };
    event.words.extend(draft.words(words));
    let code = status_of(line).or_else(|| expected(line));
    fill_codes(draft, &mut event, code, None);
    name_recipient(draft, &mut event);
    if event.recipient.is_none() && lead.mark.starts_with("msmtp") {
        event.recipient = refused_by_msmtp(before).map(str::to_owned);
    }
    event
}

/// The last bytes of a text, from a character's beginning.
fn tail(text: &str, bytes: usize) -> &str {
    let start = (text.len().saturating_sub(bytes)..=text.len()).find(|&at| text.is_char_boundary(at));
    start.and_then(|start| text.get(start..)).unwrap_or(text)
}

/// Does the address of a connection name the sender's own relay: a port of submission (RFC 8314), or this machine?
fn own_relay(words: &str) -> bool {
    const PORTS: [&str; 9] = [":587", ":465", ":2525", ":1025", "port 587", "port 465", "127.0.0.1", "localhost", "[::1]"];
    PORTS.iter().any(|port| words.contains(port)) || words.contains("::1:")
}

/// From `start`, the rest of the line, and the lines that continue a multi-line reply; what closes it in the program's text is left out.
fn statement(text: &str, start: usize) -> &str {
    let rest = text.get(start..).unwrap_or_default();
    let mut end = 0;
    let mut open = true;
    for line in rest.split_inclusive('\n') {
        let code = scan::reply_code(line.trim_start());
        if end > 0 && !(open && code.is_some()) {
            break;
        }
        open = code.is_none() && end == 0 || line.trim_start().as_bytes().get(3) == Some(&b'-');
        end += line.len();
    }
    let words = rest.get(..end).unwrap_or(rest).trim();
    let words = words.split_once(" ---> ").map_or(words, |(head, _)| head);
    let words = words.strip_suffix("\".").or_else(|| words.strip_suffix('"')).unwrap_or(words);
    words.trim_end_matches(['\'', ';', ',', '`']).trim()
}

/// .NET writes the name of the code instead of its digits (`System.Net.Mail.SmtpStatusCode`).
fn status_of(line: &str) -> Option<u16> {
    const STATUS: [(&str, u16); 17] = [
        ("Service not available, closing transmission channel", 421),
        ("Mailbox busy", 450),
        ("Error in processing", 451),
        ("Insufficient system storage", 452),
        ("Client does not have permission to submit mail to this server", 454),
        ("Syntax error, command unrecognized", 500),
        ("Syntax error in parameters or arguments", 501),
        ("Command not implemented", 502),
        ("Bad sequence of commands", 503),
        ("Command parameter not implemented", 504),
        ("The SMTP server requires a secure connection or the client was not authenticated", 530),
        ("Mailbox unavailable", 550),
        ("User not local", 551),
        ("Exceeded storage allocation", 552),
        ("Mailbox name not allowed", 553),
        ("Transaction failed", 554),
        ("Service does not", 554),
    ];
    STATUS.iter().find(|(name, _)| line.contains(name)).map(|&(_, code)| code)
}

/// `Expected response code "250" but got code "550", with message …`.
fn expected(line: &str) -> Option<u16> {
    let (_, got) = line.rsplit_once("but got code ")?;
    got.trim_start_matches('"').get(..3)?.parse().ok().and_then(scan::code_value)
}

/// The stage that Symfony's expected code belongs to (RFC 5321 §4.3.2).
fn awaited(line: &str) -> Option<Stage> {
    let (_, code) = line.rsplit_once("Expected response code ")?;
    match code.trim_start_matches('"').get(..3)? {
        "220" => Some(Stage::Banner),
        "235" | "334" => Some(Stage::Auth),
        "354" => Some(Stage::Data),
        "250" if code.contains("250/251/252") => Some(Stage::RcptTo),
        _ => None,
    }
}

/// Ruby prints the exception's name last: `550 5.1.1 … (Net::SMTPFatalError)`.
pub(super) fn ruby<'t>(draft: &mut Draft<'t>, text: &'t str) {
    for line in text.lines() {
        let Some((said, name)) = line.rsplit_once(" (Net::SMTP") else { continue };
        let words = scan::reply_in(said).and_then(|at| said.get(at..)).unwrap_or(said);
        let login = name.starts_with("Authentication");
        let mut event = Event { stage: login.then_some((Stage::Auth, None)), ..Event::default() };
        event.words.extend(draft.words(words));
        name_recipient(draft, &mut event);
        draft.push(event);
    }
}

/// `msmtp: recipient address pat@example.com not accepted by the server`.
fn refused_by_msmtp(before: &str) -> Option<&str> {
    let (_, rest) = before.rsplit_once("recipient address ")?;
    rest.split_once(" not accepted").map(|(address, _)| address)
}

/// PHPMailer's `… command failed Detail: … SMTP code: 550 Additional SMTP info: 5.7.1`.
pub(super) fn phpmailer<'t>(draft: &mut Draft<'t>, text: &'t str) {
    let Some((head, rest)) = text.split_once(" Detail: ").filter(|_| text.contains("SMTP code: ")) else { return };
    let (words, codes) = rest.split_once("SMTP code: ").unwrap_or((rest, ""));
    let mut event = Event::default();
    event.words.extend(draft.words(words));
    let code = codes.get(..3).and_then(|code| code.parse().ok()).and_then(scan::code_value);
    let enhanced = scan::after(codes, "Additional SMTP info: ").map(str::trim_start).and_then(scan::enhanced);
    fill_codes(draft, &mut event, code, enhanced);
    let command = head.strip_suffix(" command failed").and_then(|head| head.rsplit_once(": ")).map(|(_, command)| command);
    event.stage = command.and_then(scan::stage).map(|stage| (stage, command.and_then(|command| draft.span(command))));
    name_recipient(draft, &mut event);
    draft.push(event);
}

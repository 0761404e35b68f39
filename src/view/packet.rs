//! Escalation packets: a letter to whoever can lift the refusal, filled from the evidence. Wording: `src/text/packet.toml`.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Deserialize;

use super::marks::legible;
use super::names::Labels;
use super::plain::{encoded_subject, escape, fenced, one_line, wrap};
use crate::verdict::{Bucket, Cause, Outcome, Owner, Role, Stage, TokenKind};

/// The whole of `packet.toml`.
#[derive(Debug, Deserialize)]
pub struct Packets {
    pub field: BTreeMap<String, Field>,
    pub packet: Vec<Packet>,
}

/// What a letter may state.
#[derive(Debug, Deserialize)]
pub struct Field {
    pub name: String,
    /// What to type where the text does not give it.
    #[serde(default)]
    pub hint: String,
    /// Left out, not missing, where the text does not give it.
    #[serde(default)]
    pub optional: bool,
}

/// One kind of letter.
#[derive(Debug, Deserialize)]
pub struct Packet {
    pub id: String,
    pub name: String,
    /// Clauses; one whose `{field}` is unknown is left out.
    pub subject: Vec<String>,
    pub open: Vec<String>,
    pub fields: Vec<String>,
    pub ask: Vec<Question>,
    pub close: String,
}

/// What the reader of the letter is to confirm.
#[derive(Debug, Deserialize)]
pub struct Question {
    /// Bucket ids; empty for any.
    #[serde(default)]
    pub when: Vec<String>,
    pub text: String,
}

/// Columns of plain-text mail (RFC 5322 §2.1.1 recommends 78 at most; this leaves room for quoting).
const COLUMNS: usize = 72;

/// Field id → value.
pub type Facts = BTreeMap<String, String>;

/// What the text itself says, by field id. `name` gives a company's name; `hide` hides personal data.
pub fn facts(outcome: &Outcome, labels: &Labels, name: impl Fn(&str) -> String, hide: bool) -> Facts {
    let dsn = outcome.dsn.as_ref();
    let token = |kind| outcome.tokens.iter().find(|token| token.kind == kind).map(|token| token.value.clone());
    let between = |role| outcome.via.as_ref().filter(|company| company.role == role).map(|company| name(&company.id));
    let label = outcome.label.as_ref().map(|label| format!("{}: {}", label.source, label.value));
    let stage = (outcome.stage != Stage::Unknown).then(|| labels.of("stage", outcome.stage.id()));
    let step = stage.as_ref().map(|stage| stage.split(':').next().unwrap_or(stage).to_string());
    let found = [
        ("reply", outcome.reply.text.as_deref().map(head).or_else(|| code(outcome))),
        ("code", code(outcome)),
        ("sending_ip", token(TokenKind::Ip)),
        ("provider", outcome.provider.as_ref().filter(|company| company.role != Role::Esp).map(|company| name(&company.id))),
        ("via", between(Role::Gateway)),
        ("receiving_host", dsn.and_then(|dsn| dsn.remote_mta.clone()).or_else(|| token(TokenKind::Host))),
        ("stage", stage),
        ("step", step),
        ("block_code", token(TokenKind::BlockCode)),
        ("blocklist", between(Role::Blocklist).or_else(|| token(TokenKind::Blocklist))),
        ("reference", token(TokenKind::Reference)),
        ("queue_id", token(TokenKind::QueueId)),
        ("reporting_mta", dsn.and_then(|dsn| dsn.reporting_mta.clone())),
        ("label", label),
        ("recipient", outcome.recipient.clone()),
        ("recipient_domain", outcome.recipient_domain.clone()),
    ];
    found.into_iter().filter_map(|(id, value)| Some((id.to_string(), legible(&value?, hide)))).collect()
}

/// As much of a reply as a letter should carry.
const REPLY: usize = 4_000;

fn head(reply: &str) -> String {
    let cut = reply.char_indices().nth(REPLY).map(|(at, _)| at);
    cut.map_or_else(|| reply.to_string(), |at| format!("{} …", &reply[..at]))
}

/// `550 5.7.1`, or whichever of both is there.
pub fn code(outcome: &Outcome) -> Option<String> {
    let smtp = outcome.reply.smtp_code.map(|code| code.to_string());
    let both: Vec<String> = smtp.into_iter().chain(outcome.reply.enhanced.clone()).collect();
    (!both.is_empty()).then(|| both.join(" "))
}

/// Whether anyone could lift this: dead addresses and what is no failure have nobody to write to.
pub fn is_due(outcome: &Outcome) -> bool {
    outcome.bucket != Bucket::NotABounce && outcome.bucket != Bucket::Recipient
}

/// The letter that fits the owner of the fix.
pub fn first_choice(outcome: &Outcome) -> &'static str {
    match (outcome.owner, outcome.bucket) {
        (Owner::RecipientAdmin | Owner::Receiver | Owner::Recipient, _) => "admin",
        (Owner::Esp, _) | (_, Bucket::Reputation | Bucket::Rate | Bucket::Unknown) => "esp",
        _ if outcome.cause == Cause::SuppressedByEsp => "esp",
        _ => "it",
    }
}

/// One line of a letter's form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub id: String,
    pub name: String,
    pub hint: String,
    pub value: Option<String>,
    /// The text gives it; else a person types it.
    pub known: bool,
}

/// One letter about one outcome.
pub struct Letter<'a> {
    packets: &'a Packets,
    packet: &'a Packet,
    bucket: Bucket,
    facts: &'a Facts,
    typed: &'a Facts,
}

impl<'a> Letter<'a> {
    /// `typed` are the fields that a person filled in; the text's own win.
    pub fn new(packets: &'a Packets, packet: &'a Packet, bucket: Bucket, facts: &'a Facts, typed: &'a Facts) -> Self {
        Self { packets, packet, bucket, facts, typed }
    }

    fn value(&self, id: &str) -> Option<&str> {
        let typed = || self.typed.get(id).map(|value| value.trim()).filter(|value| !value.is_empty());
        self.facts.get(id).map(String::as_str).or_else(typed)
    }

    /// The form: what is known, and what a person should add.
    pub fn lines(&self) -> Vec<Line> {
        let ids = self.packet.fields.iter().filter_map(|id| Some((id, self.packets.field.get(id)?)));
        let shown = ids.filter(|(id, field)| self.facts.contains_key(*id) || !field.optional);
        shown
            .map(|(id, field)| Line {
                id: id.clone(),
                name: field.name.clone(),
                hint: field.hint.clone(),
                value: self.value(id).map(str::to_string),
                known: self.facts.contains_key(id),
            })
            .collect()
    }

    fn missing(&self) -> Vec<String> {
        let open = self.lines().into_iter().filter(|line| line.value.is_none());
        open.map(|line| line.name).collect()
    }

    /// Sentences whose fields are all known, filled. One that ends a sentence is dropped after another that ended one.
    fn filled(&self, clauses: &[String]) -> String {
        let mut text = String::new();
        for clause in clauses.iter().filter_map(|clause| self.fill(clause)) {
            if clause == "." && (text.is_empty() || text.ends_with('.')) {
                continue;
            }
            text.push_str(&clause);
        }
        let text = text.trim_start_matches([',', ':', ' ', '.']);
        text.to_string()
    }

    /// Fills `{field}` and `{field|else}`; `None` where a field without an else is unknown.
    fn fill(&self, clause: &str) -> Option<String> {
        let mut filled = String::new();
        let mut rest = clause;
        while let Some((before, (id, after))) = rest.split_once('{').and_then(|(b, r)| Some((b, r.split_once('}')?))) {
            filled.push_str(before);
            let (id, other) = id.split_once('|').map_or((id, None), |(id, other)| (id, Some(other)));
            filled.push_str(&one_line(self.value(id).or(other)?));
            rest = after;
        }
        Some(filled + rest)
    }

    /// The subject, one line, no longer than a mail program shows.
    pub fn subject(&self) -> String {
        self.filled(&self.packet.subject).chars().take(120).collect()
    }

    fn questions(&self) -> Vec<String> {
        let fit = |ask: &&Question| ask.when.is_empty() || ask.when.iter().any(|id| id == self.bucket.id());
        self.packet.ask.iter().filter(fit).filter_map(|ask| self.fill(&ask.text)).collect()
    }

    /// The letter as plain text without its subject, lines of at most `width` columns where words allow.
    fn body(&self, width: usize) -> String {
        let wrap = |text: &str, first: &str, rest: &str| wrap(text, first, rest, width);
        let mut text = String::new();
        let open = self.filled(&self.packet.open);
        if !open.is_empty() {
            let _ = writeln!(text, "{}\n", wrap(&open, "", ""));
        }
        for line in self.value("reply").unwrap_or_default().lines() {
            let _ = writeln!(text, "{}", wrap(line, "  ", "  "));
        }
        text.push('\n');
        for line in self.lines().iter().filter(|line| line.id != "reply") {
            if let Some(value) = &line.value {
                let _ = writeln!(text, "{}: {}", line.name, one_line(value));
            }
        }
        let _ = writeln!(text, "\nPlease confirm:");
        for (question, n) in self.questions().iter().zip(1..) {
            let _ = writeln!(text, "{}", wrap(question, &format!("{n}. "), "   "));
        }
        let missing = self.missing();
        if !missing.is_empty() {
            let _ = writeln!(text, "\n{}", wrap(&format!("Not known yet: {}.", missing.join(", ")), "", ""));
        }
        let _ = write!(text, "\n{}\n", wrap(&self.packet.close, "", ""));
        text
    }

    /// Subject and letter as plain text, for a form or a chat: no line is broken.
    pub fn text(&self) -> String {
        format!("Subject: {}\n\n{}", self.subject(), self.body(usize::MAX))
    }

    /// Subject and letter as a text file of 72 columns.
    pub fn file(&self) -> String {
        format!("Subject: {}\n\n{}", self.subject(), self.body(COLUMNS))
    }

    /// Subject and letter as Markdown, for a ticket.
    pub fn markdown(&self) -> String {
        let mut text = format!("## {}\n\n{}\n\n", escape(&self.subject()), escape(&self.filled(&self.packet.open)));
        let _ = writeln!(text, "{}", fenced(self.value("reply").unwrap_or_default()));
        for line in self.lines().iter().filter(|line| line.id != "reply") {
            let value = line.value.as_deref().map_or("*not known yet*".into(), |value| escape(&one_line(value)));
            let _ = writeln!(text, "- **{}:** {value}", line.name);
        }
        let _ = writeln!(text, "\nPlease confirm:\n");
        for (question, n) in self.questions().iter().zip(1..) {
            let _ = writeln!(text, "{n}. {}", escape(question));
        }
        let _ = write!(text, "\n{}\n", self.packet.close);
        text
    }

    /// A mail draft (RFC 5322) that mail programs open for editing: no sender, no recipient yet.
    pub fn eml(&self) -> String {
        let subject = encoded_subject(&self.subject());
        let head = format!(
            "Subject: {subject}\r\nX-Unsent: 1\r\nMIME-Version: 1.0\r\n\
             Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
        );
        head + &self.body(COLUMNS).replace('\n', "\r\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packets() -> Packets {
        serde_json::from_str(include_str!(concat!(env!("OUT_DIR"), "/packet.json"))).unwrap()
    }

    fn map(values: &[(&str, &str)]) -> Facts {
        values.iter().map(|(id, value)| (id.to_string(), value.to_string())).collect()
    }

    fn letter(packets: &Packets, id: &str, bucket: Bucket, facts: &[(&str, &str)], typed: &[(&str, &str)]) -> [String; 4] {
        let (facts, typed) = (map(facts), map(typed));
        let packet = packets.packet.iter().find(|packet| packet.id == id).unwrap();
        let letter = Letter::new(packets, packet, bucket, &facts, &typed);
        [letter.subject(), letter.file(), letter.markdown(), letter.eml()]
    }

    #[test]
    fn fills_what_is_known_and_lists_what_is_not() {
        let packets = packets();
        let facts =
            [("reply", "550 5.7.1 blocked (S3150)"), ("provider", "Microsoft"), ("sending_ip", "203.0.113.25"), ("step", "MAIL FROM")];
        let [subject, text, ..] = letter(&packets, "esp", Bucket::Reputation, &facts, &[("job", "500017"), ("sent", " ")]);
        assert_eq!(subject, "Mail refused by Microsoft, IP 203.0.113.25");
        assert!(text.contains("Microsoft refuses our mail from 203.0.113.25. The refusal came at MAIL"), "{text}");
        assert!(text.contains("  550 5.7.1 blocked (S3150)") && text.contains("Job ID: 500017"));
        let missing = text.split("Not known yet:").nth(1).unwrap();
        assert!(missing.contains("Send date, zone") && !missing.contains("Job ID"));
        assert!(text.lines().all(|line| line.chars().count() <= 72), "{text}");
    }

    #[test]
    fn reads_well_with_nothing_known() {
        for (id, opening) in [("esp", ""), ("admin", ""), ("it", "Mail from our side does not get through.")] {
            let packets = packets();
            let [subject, text, markdown, _] = letter(&packets, id, Bucket::Unknown, &[], &[]);
            assert!(text.contains(opening) && !text.contains('{') && !markdown.contains('{'), "{text}");
            assert!(!subject.starts_with([',', ' ', ':']) && !text.contains(" ."), "{subject}\n{text}");
        }
    }

    #[test]
    fn every_field_and_bucket_named_exists() {
        let packets = packets();
        for packet in &packets.packet {
            for id in &packet.fields {
                assert!(packets.field.contains_key(id), "{}: no field {id}", packet.id);
            }
            for bucket in packet.ask.iter().flat_map(|ask| &ask.when) {
                assert!(Bucket::from_id(bucket).is_some(), "{}: no bucket {bucket}", packet.id);
            }
        }
    }

    #[test]
    fn no_value_begins_a_header() {
        let packets = packets();
        let facts = [("provider", "x\r\nBcc: evil@example.com"), ("reply", "ü ```\n````")];
        let [subject, _, markdown, eml] = letter(&packets, "esp", Bucket::Rate, &facts, &[]);
        assert!(!subject.contains('\n') && !eml.contains("\nBcc:"));
        assert!(markdown.contains("`````\nü"), "{markdown}");
    }
}

//! The verdict: the one object that the page, the JavaScript module and the command line show.
//!
//! Names and shapes are the published contract (see `docs/verdict.md`): ids are `lower_snake_case`, what is absent is
//! `null` and never missing. Buckets, causes and their defaults are data (`src/rules/taxonomy.toml`).

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

include!(concat!(env!("OUT_DIR"), "/taxonomy.rs"));

/// Version of the JSON shape. It changes only when a name is renamed or dropped.
pub const SCHEMA: u32 = 1;

/// Declares an enum whose variants are ids in JSON, with `id()` for text output.
macro_rules! ids {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $id:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $id)] $variant),+ }

        impl $name {
            /// Every value, in the order of declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The id used in JSON and on the command line.
            pub fn id(self) -> &'static str {
                match self { $(Self::$variant => $id),+ }
            }

            /// Every id, for a sentence.
            pub fn ids() -> String {
                Self::ALL.iter().map(|value| value.id()).collect::<Vec<_>>().join(", ")
            }

            /// The value with this id.
            pub fn from_id(id: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|value| value.id() == id)
            }
        }
    };
}
pub(crate) use ids;

ids! {
    /// The first thing to do.
    Action {
        Suppress = "suppress", Review = "review", Unsubscribe = "unsubscribe", Retry = "retry", RetryLimited = "retry_limited",
        Hold = "hold", FixSetup = "fix_setup", FixContent = "fix_content", FixRoute = "fix_route",
        ContactRecipientAdmin = "contact_recipient_admin", EscalateEsp = "escalate_esp", GetFullText = "get_full_text", None = "none",
    }
}
ids! {
    /// Who has to act.
    Owner {
        Sender = "sender", Esp = "esp", RecipientAdmin = "recipient_admin", Receiver = "receiver", Recipient = "recipient", Nobody = "nobody",
    }
}
ids! {
    /// What this attempt is: the class of the reply code (RFC 5321 §4.2.1), else of the enhanced code (RFC 3463 §2).
    Permanence { Permanent = "permanent", Temporary = "temporary", Unknown = "unknown" }
}
ids! {
    /// What the text says about the address.
    Address { Invalid = "invalid", FullOrBusy = "full_or_busy", NoEvidenceAgainst = "no_evidence_against", Unknown = "unknown" }
}
ids! {
    /// How far the text carries the verdict.
    Confidence { Low = "low", Medium = "medium", High = "high" }
}
ids! {
    /// Where in the SMTP dialogue it happened.
    Stage {
        Connect = "connect", Banner = "banner", Helo = "helo", Tls = "tls", Auth = "auth", MailFrom = "mail_from", RcptTo = "rcpt_to",
        Data = "data", EndOfData = "end_of_data", AfterAcceptance = "after_acceptance", BeforeHandOff = "before_hand_off", Unknown = "unknown",
    }
}
ids! {
    /// What the input was taken for.
    Form {
        SmtpReply = "smtp_reply", DsnMail = "dsn_mail", DsnText = "dsn_text", NdrMail = "ndr_mail", NdrText = "ndr_text",
        AutoReply = "auto_reply", FeedbackReport = "feedback_report", OrdinaryMail = "ordinary_mail", Log = "log", EspEvent = "esp_event",
        Transcript = "transcript", ClientError = "client_error", Summary = "summary", Table = "table", Empty = "empty", Binary = "binary",
    }
}
ids! {
    /// What a company named in a bounce is to the mail.
    Role { MailboxProvider = "mailbox_provider", Gateway = "gateway", Blocklist = "blocklist", Esp = "esp", Mta = "mta" }
}
ids! {
    /// What a token is.
    TokenKind {
        BlockCode = "block_code", ErrorCode = "error_code", Blocklist = "blocklist", Ip = "ip", Host = "host", Url = "url",
        Reference = "reference", QueueId = "queue_id",
    }
}
ids! {
    /// Why a stretch of text is shown as evidence.
    Proof { Wording = "wording", Code = "code", Stage = "stage", Provider = "provider" }
}

/// Everything that one text (or one mail of a file) says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Decoded {
    /// What made it.
    pub tool: Tool,
    /// What it was made from.
    pub input: Input,
    /// One for each recipient that the text speaks of; none for ordinary mail.
    pub outcomes: Vec<Outcome>,
    /// The decoded texts that evidence points into.
    pub parts: Vec<Part>,
    /// What was there and not understood.
    pub unread: Vec<String>,
    /// Disagreements and doubts, in sentences.
    pub warnings: Vec<String>,
}

/// Which program and which rules made a verdict.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Tool {
    /// Version of this package.
    pub app: String,
    /// Day of the pack and a hash of it, as `2026-11-21-a1b2c3d`.
    pub rules: String,
    /// [`SCHEMA`].
    pub schema: u32,
}

/// What the input was taken for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Input {
    /// Found by looking at the bytes, or chosen by the caller.
    pub form: Form,
    /// The text ends where an export or a field cut it.
    pub truncated: bool,
    /// Language of the deciding words (BCP 47), where a rule names it.
    pub language: Option<String>,
    /// IANA name, lower case.
    pub charset: String,
}

/// A sentence of this build's texts: borrowed where nothing was filled in, so that thousands of verdicts share it.
pub type Sentence = Cow<'static, str>;

/// The verdict for one recipient.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// As the text names it; none where it names nobody.
    pub recipient: Option<String>,
    /// What follows its `@`, lower case.
    pub recipient_domain: Option<String>,
    /// The cause's bucket.
    pub bucket: Bucket,
    /// Why, as exactly as the text proves it.
    pub cause: Cause,
    /// Of a delay notice: why it is delayed.
    pub reason_cause: Option<Cause>,
    /// The first thing to do; `suppress` passed the gate of `docs/verdict.md`.
    pub action: Action,
    /// Who has to act.
    pub owner: Owner,
    /// About this attempt; it never decides suppression.
    pub permanence: Permanence,
    /// About the address.
    pub address: Address,
    /// How far the text carries the cause.
    pub confidence: Confidence,
    /// The receiver's codes and words.
    pub reply: Reply,
    /// Where in the dialogue it happened.
    pub stage: Stage,
    /// The mailbox provider (or sending platform) named by its own words or host names; never guessed from the address.
    pub provider: Option<Company>,
    /// The gateway, blocklist or mail server that stood in between.
    pub via: Option<Company>,
    /// The sending platform's own word for it.
    pub label: Option<Label>,
    /// At most 24.
    pub tokens: Vec<Token>,
    /// Of a delivery report.
    pub dsn: Option<Dsn>,
    /// The proof, the deciding words first.
    pub evidence: Vec<Evidence>,
    /// At most three, the strongest first.
    pub also_considered: Vec<Considered>,
    /// The verdict in one or two sentences.
    pub summary: Sentence,
    /// What it means, a sentence or two each.
    pub explanation: Vec<Sentence>,
    /// What to do at once, at most four.
    #[serde(rename = "do")]
    pub dos: Vec<Sentence>,
    /// In order, cheapest check first.
    pub next_steps: Vec<Sentence>,
    /// Who takes a step and how long it takes, index by index with `next_steps`; empty where unknown.
    pub step_notes: Vec<Sentence>,
    /// What to leave alone.
    pub do_not: Vec<Sentence>,
    /// One line under each of the six facts.
    pub notes: Notes,
    /// When to try again, where that can help.
    pub retry_after: Option<RetryAfter>,
}

/// The line under each of the six facts of a verdict.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Notes {
    /// The cause in words.
    pub cause: Sentence,
    /// Who that is here.
    pub owner: Sentence,
    /// What `permanence` means here.
    pub attempt: Sentence,
    /// Why the address is taken for that.
    pub address: Sentence,
    /// What the action comes to.
    pub action: Sentence,
    /// What the confidence rests on.
    pub confidence: Sentence,
}

/// The receiver's reply: codes and words.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Reply {
    /// RFC 5321 §4.2.
    pub smtp_code: Option<u16>,
    /// RFC 3463, as `5.1.1`.
    pub enhanced: Option<String>,
    /// The refusing side's innermost words as they stand in the text.
    pub text: Option<String>,
}

/// A company or system named in the text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Company {
    /// A provider's id of the rules, as `gmail`.
    pub id: String,
    /// What it is to this mail.
    pub role: Role,
}

/// What a sending platform called it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Label {
    /// The platform's name.
    pub source: String,
    /// Its word, unchanged.
    pub value: String,
    /// The label says hard where the words do not, or the other way round.
    pub conflict: bool,
}

/// A code, host, address or id that helps whoever investigates.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Token {
    /// What `value` is.
    pub kind: TokenKind,
    /// As the text shows it, save for case.
    pub value: String,
}

/// The fields of an RFC 3464 report for one recipient.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Dsn {
    /// `Action` (§2.3.3).
    pub action: Option<String>,
    /// `Status` (§2.3.4).
    pub status: Option<String>,
    /// `Reporting-MTA` (§2.2.2).
    pub reporting_mta: Option<String>,
    /// `Remote-MTA` (§2.3.5).
    pub remote_mta: Option<String>,
    /// `Final-Recipient` (§2.3.2).
    pub final_recipient: Option<String>,
    /// `Diagnostic-Code` (§2.3.6).
    pub diagnostic_code: Option<String>,
}

/// A stretch of `parts[part].text` that proves something. `start` and `end` count bytes natively and UTF-16 units in JavaScript.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// What sort of proof it is.
    pub kind: Proof,
    /// The rule, or `code.550`, `code.5.7.1`, `stage.rcpt_to`, `provider.microsoft`.
    pub rule: String,
    /// The words themselves.
    pub quote: String,
    /// Index into [`Decoded::parts`].
    pub part: usize,
    /// Where the quote begins.
    pub start: usize,
    /// Where it ends, itself left out.
    pub end: usize,
    /// A link to where the rule's wording is documented.
    pub source: Option<String>,
    /// What these words prove, in a line.
    pub note: Sentence,
}

/// Another verdict that the text allowed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Considered {
    /// The cause's bucket.
    pub bucket: Bucket,
    /// What it would have been.
    pub cause: Cause,
    /// Why it lost.
    pub why_not: Sentence,
    /// What would make it win.
    pub would_win_if: Sentence,
}

/// When to try again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RetryAfter {
    /// Wait at least so long.
    pub min_minutes: u32,
    /// Wait at most so long.
    pub max_minutes: u32,
    /// Stop trying after so long.
    pub give_up_hours: u32,
}

/// A decoded text that evidence points into.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// Its index.
    pub id: usize,
    /// `input` for a pasted text, else the part's MIME type or `headers`.
    pub name: String,
    /// Decoded into Unicode.
    pub text: String,
}

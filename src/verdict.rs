//! The verdict: the one object that the page, the JavaScript module and the command line show.
//!
//! Names and shapes are the published contract (see `docs/verdict.md`): ids are `lower_snake_case`, what is absent is
//! `null` and never missing. Buckets, causes and their defaults are data (`src/rules/taxonomy.toml`).

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
    Proof { Wording = "wording", Code = "code", Stage = "stage", Provider = "provider", Field = "field" }
}

/// Everything that one text (or one mail of a file) says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Decoded {
    pub tool: Tool,
    pub input: Input,
    /// One for each recipient that the text speaks of; none for ordinary mail.
    pub outcomes: Vec<Outcome>,
    /// The decoded texts that evidence points into.
    pub parts: Vec<Part>,
    /// What was there and not understood.
    pub unread: Vec<String>,
    pub warnings: Vec<String>,
}

/// Which program and which rules made a verdict.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Tool {
    pub app: String,
    /// Day of the pack and a hash of it, as `2026-11-21-a1b2c3d`.
    pub rules: String,
    pub schema: u32,
}

/// What the input was taken for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Input {
    pub form: Form,
    /// The text ends where an export or a field cut it.
    pub truncated: bool,
    /// Language of the deciding words (BCP 47), where a rule names it.
    pub language: Option<String>,
    pub charset: String,
}

/// The verdict for one recipient.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    pub recipient: Option<String>,
    pub recipient_domain: Option<String>,
    pub bucket: Bucket,
    pub cause: Cause,
    /// Of a delay notice: why it is delayed.
    pub reason_cause: Option<Cause>,
    pub action: Action,
    pub owner: Owner,
    pub permanence: Permanence,
    pub address: Address,
    pub confidence: Confidence,
    pub reply: Reply,
    pub stage: Stage,
    /// The mailbox provider (or sending platform) named by its own words or host names; never guessed from the address.
    pub provider: Option<Company>,
    /// The gateway, blocklist or mail server that stood in between.
    pub via: Option<Company>,
    pub label: Option<Label>,
    pub tokens: Vec<Token>,
    pub dsn: Option<Dsn>,
    pub evidence: Vec<Evidence>,
    pub also_considered: Vec<Considered>,
    /// The verdict in one or two sentences.
    pub summary: String,
    pub explanation: Vec<String>,
    /// What to do at once, at most four.
    #[serde(rename = "do")]
    pub dos: Vec<String>,
    /// In order, cheapest check first.
    pub next_steps: Vec<String>,
    /// Who takes a step and how long it takes, index by index with `next_steps`; empty where unknown.
    pub step_notes: Vec<String>,
    pub do_not: Vec<String>,
    /// One line under each of the six facts.
    pub notes: Notes,
    pub retry_after: Option<RetryAfter>,
}

/// The line under each of the six facts of a verdict.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Notes {
    /// The cause in words.
    pub cause: String,
    pub owner: String,
    pub attempt: String,
    pub address: String,
    pub action: String,
    pub confidence: String,
}

/// The receiver's reply: codes and words.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Reply {
    pub smtp_code: Option<u16>,
    pub enhanced: Option<String>,
    pub text: Option<String>,
}

/// A company or system named in the text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Company {
    pub id: String,
    pub role: Role,
}

/// What a sending platform called it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Label {
    pub source: String,
    pub value: String,
    /// The label says hard where the words do not, or the other way round.
    pub conflict: bool,
}

/// A code, host, address or id that helps whoever investigates.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Token {
    pub kind: TokenKind,
    pub value: String,
}

/// The fields of an RFC 3464 report for one recipient.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Dsn {
    pub action: Option<String>,
    pub status: Option<String>,
    pub reporting_mta: Option<String>,
    pub remote_mta: Option<String>,
    pub final_recipient: Option<String>,
    pub diagnostic_code: Option<String>,
}

/// A stretch of `parts[part].text` that proves something. `start` and `end` count bytes natively and UTF-16 units in JavaScript.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    pub kind: Proof,
    /// The rule, or `code.550`, `code.5.7.1`, `stage.rcpt_to`, `provider.microsoft`.
    pub rule: String,
    pub quote: String,
    pub part: usize,
    pub start: usize,
    pub end: usize,
    pub source: Option<String>,
    /// What these words prove, in a line.
    pub note: String,
}

/// Another verdict that the text allowed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Considered {
    pub bucket: Bucket,
    pub cause: Cause,
    /// Why it lost.
    pub why_not: String,
    /// What would make it win.
    pub would_win_if: String,
}

/// When to try again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RetryAfter {
    pub min_minutes: u32,
    pub max_minutes: u32,
    pub give_up_hours: u32,
}

/// A decoded text that evidence points into.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    pub id: usize,
    pub name: String,
    pub text: String,
}

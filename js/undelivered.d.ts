// The types of undelivered.js. What is absent is null, never missing; ids are lower_snake_case.

/** What a person acts on. */
export type Bucket =
  | 'recipient' | 'mailbox' | 'reputation' | 'authentication' | 'content' | 'policy' | 'routing' | 'rate' | 'transport'
  | 'remote_system' | 'message' | 'sender_setup' | 'not_a_bounce' | 'unknown';

/** Why, as exactly as the text proves it. */
export type Cause =
  | 'bad_address_syntax' | 'domain_not_found' | 'mailbox_disabled' | 'null_mx' | 'recipient_moved' | 'user_unknown'
  | 'mailbox_full' | 'mailbox_unavailable' | 'message_limit_of_mailbox' | 'recipient_rate' | 'domain_reputation'
  | 'ip_reputation' | 'provider_blocklist' | 'public_blocklist' | 'unsolicited' | 'dkim_fail' | 'dmarc_fail' | 'from_alignment'
  | 'ptr_missing' | 'spf_fail' | 'tls_required' | 'unauthenticated' | 'attachment_blocked' | 'spam_content' | 'url_blocklisted'
  | 'virus' | 'admin_rule' | 'group_restricted' | 'local_policy' | 'recipient_restricted' | 'mail_loop' | 'misrouted'
  | 'no_route' | 'relay_denied' | 'greylisted' | 'rate_limited' | 'sending_quota' | 'too_many_connections'
  | 'too_many_recipients' | 'connection_lost' | 'connection_refused' | 'connection_timeout' | 'delivery_expired' | 'dns_failure'
  | 'tls_handshake' | 'internal_error' | 'not_accepting' | 'service_unavailable' | 'system_full' | 'bad_headers' | 'malformed'
  | 'message_too_large' | 'protocol_error' | 'account_suspended' | 'sender_domain_invalid' | 'sender_rejected' | 'smtp_login'
  | 'suppressed_by_esp' | 'auto_reply' | 'challenge_response' | 'delayed_notice' | 'delivered' | 'feedback_report'
  | 'insufficient_evidence' | 'unclassified';

/** The first thing to do. */
export type Action =
  | 'suppress' | 'review' | 'unsubscribe' | 'retry' | 'retry_limited' | 'hold' | 'fix_setup' | 'fix_content' | 'fix_route'
  | 'contact_recipient_admin' | 'escalate_esp' | 'get_full_text' | 'none';

/** Who has to act. */
export type Owner =
  | 'sender' | 'esp' | 'recipient_admin' | 'receiver' | 'recipient' | 'nobody';

/** What this attempt is. It never decides suppression. */
export type Permanence =
  | 'permanent' | 'temporary' | 'unknown';

/** What the text says about the address. */
export type Address =
  | 'invalid' | 'full_or_busy' | 'no_evidence_against' | 'unknown';

/** How far the text carries the verdict. */
export type Confidence =
  | 'low' | 'medium' | 'high';

/** Where in the SMTP dialogue it happened. */
export type Stage =
  | 'connect' | 'banner' | 'helo' | 'tls' | 'auth' | 'mail_from' | 'rcpt_to' | 'data' | 'end_of_data' | 'after_acceptance'
  | 'before_hand_off' | 'unknown';

/** What the input was taken for. */
export type Form =
  | 'smtp_reply' | 'dsn_mail' | 'dsn_text' | 'ndr_mail' | 'ndr_text' | 'auto_reply' | 'feedback_report' | 'ordinary_mail'
  | 'log' | 'esp_event' | 'transcript' | 'client_error' | 'summary' | 'table' | 'empty' | 'binary';

/** What a company named in a bounce is to the mail. */
export type Role =
  | 'mailbox_provider' | 'gateway' | 'blocklist' | 'esp' | 'mta';

/** What a token is. */
export type TokenKind =
  | 'block_code' | 'error_code' | 'blocklist' | 'ip' | 'host' | 'url' | 'reference' | 'queue_id';

/** Why a stretch of text is shown as evidence. */
export type Proof =
  | 'wording' | 'code' | 'stage' | 'provider';

/** Everything that one text, or one mail of a file, says. */
export interface Decoded {
  /** Its number in a file of several mails, from 1; missing otherwise. */
  message?: number;
  tool: Tool;
  input: Input;
  /** One for each recipient that the text speaks of; none for ordinary mail. */
  outcomes: Outcome[];
  /** The decoded texts that evidence points into. */
  parts: Part[];
  /** What was there and not understood. */
  unread: string[];
  warnings: string[];
}

/** Which program and which rules made a verdict. */
export interface Tool {
  app: string;
  /** The date of the newest rule and a hash of all, as `2026-11-21-a1b2c3d`. */
  rules: string;
  /** Version of this shape. It changes only when a name is renamed or dropped. */
  schema: number;
}

export interface Input {
  form: Form;
  /** The text ends where an export or a field cut it. */
  truncated: boolean;
  /** Language of the deciding words (BCP 47), where a rule names it. */
  language: string | null;
  charset: string;
}

/** The verdict for one recipient. */
export interface Outcome {
  recipient: string | null;
  recipient_domain: string | null;
  bucket: Bucket;
  cause: Cause;
  /** Of a delay notice: why it is delayed. */
  reason_cause: Cause | null;
  action: Action;
  owner: Owner;
  permanence: Permanence;
  address: Address;
  confidence: Confidence;
  reply: Reply;
  stage: Stage;
  /** The mailbox provider or sending platform, by its own words or host names; never guessed from the address. */
  provider: Company | null;
  /** The gateway, blocklist or mail server in between. */
  via: Company | null;
  label: Label | null;
  tokens: Token[];
  dsn: Dsn | null;
  evidence: Evidence[];
  also_considered: Considered[];
  /** The verdict in one or two sentences. */
  summary: string;
  explanation: string[];
  /** What to do at once, at most four. */
  do: string[];
  /** In order, cheapest check first. */
  next_steps: string[];
  /** Who takes a step and how long it takes, index by index with `next_steps`; empty where unknown. */
  step_notes: string[];
  do_not: string[];
  /** One line under each of the six facts. */
  notes: Notes;
  retry_after: RetryAfter | null;
}

export interface Notes {
  cause: string;
  owner: string;
  attempt: string;
  address: string;
  action: string;
  confidence: string;
}

/** The receiver's reply: codes and words. */
export interface Reply {
  smtp_code: number | null;
  enhanced: string | null;
  text: string | null;
}

export interface Company {
  id: string;
  role: Role;
}

/** What a sending platform called it. */
export interface Label {
  source: string;
  value: string;
  /** The label says hard where the words do not, or the other way round. */
  conflict: boolean;
}

/** A code, host, address or id that helps whoever investigates. */
export interface Token {
  kind: TokenKind;
  value: string;
}

/** The fields of an RFC 3464 report for one recipient. */
export interface Dsn {
  action: string | null;
  status: string | null;
  reporting_mta: string | null;
  remote_mta: string | null;
  final_recipient: string | null;
  diagnostic_code: string | null;
}

/** A stretch of text that proves something: `parts[part].text.slice(start, end) === quote`. */
export interface Evidence {
  kind: Proof;
  /** The rule, or `code.550`, `code.5.7.1`, `stage.rcpt_to`, `provider.microsoft`. */
  rule: string;
  quote: string;
  /** Index into `parts`. */
  part: number;
  /** In UTF-16 units. */
  start: number;
  /** In UTF-16 units. */
  end: number;
  source: string | null;
  /** What these words prove, in a line. */
  note: string;
}

/** Another verdict that the text allowed. */
export interface Considered {
  bucket: Bucket;
  cause: Cause;
  why_not: string;
  would_win_if: string;
}

export interface RetryAfter {
  min_minutes: number;
  max_minutes: number;
  give_up_hours: number;
}

export interface Part {
  id: number;
  name: string;
  text: string;
}

export interface Options {
  /** The user's own rules, as TOML: they come before the built-in ones. Kept compiled from one call to the next while they are the same. */
  rules?: string | null;
}

/** Something wrong with own rules. */
export interface Fault {
  /** From 1. */
  line: number;
  /** In characters, from 1. */
  column: number;
  /** The rule that it is about, where it is about one that has an id. */
  rule: string | null;
  /** What is wrong and what would be right, in words. */
  reason: string;
}

/**
 * What is thrown. `not_initialized`: no `init` yet; `load_failed`: by `init` alone; `bad_input`: neither string nor bytes;
 * `bad_rules`: see `faults`; `crashed`: the program died, load the module anew.
 */
export interface Failure extends Error {
  code: 'not_initialized' | 'load_failed' | 'bad_input' | 'bad_rules' | 'crashed';
  /** With `bad_rules` only. */
  faults?: Fault[];
}

/**
 * Loads the decoder, once: every further call waits for the first. Without a source it takes `undelivered.wasm` from beside this
 * script. After a failure it may be called again.
 */
export function init(source?: string | URL | Request | Response | BufferSource | WebAssembly.Module): Promise<void>;

/** Decodes one text or one mail; of a file of several mails (mbox) the first. Bytes are read in whatever charset they are. */
export function decode(input: string | Uint8Array, options?: Options): Decoded;

/** Decodes a text or file: one verdict for each mail, in order, numbered by `message` where there are several. */
export function decodeAll(input: string | Uint8Array, options?: Options): Decoded[];

/** Which program and rules these are. */
export function version(): Tool;

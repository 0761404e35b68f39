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

/** What to do about a person. */
export type DecisionId = 'suppress' | 'unsubscribe' | 'retry' | 'retry_limited' | 'hold' | 'review';

/** When a full mailbox is taken for abandoned: so many in a row within so long. */
export type PresetId = '3_in_15_days' | '3_in_72_hours' | '2_in_7_days';

/** Everything that files of bounces say together. Times are RFC 3339, rates and shares fractions. */
export interface Analysis {
  tool: Tool;
  /** The first file of bounces. */
  source: Source;
  sources: Source[];
  settings: Settings;
  /** Which events were counted; all where every field is null. */
  filter: Filter;
  format: Format;
  mapping: Mapping;
  /** `read` is the sum of the others. */
  rows: Rows;
  totals: Totals;
  labels: Labels;
  gates: Gates;
  /** Most costly first. */
  findings: Finding[];
  /** Most frequent first, at most 1,000. */
  templates: Template[];
  decisions: Decisions;
  /** Where an existing suppression list was among the files. */
  listed: ListCheck | null;
  /** At most 1,000; `rows.unreadable` counts all. */
  errors: RowError[];
  warnings: string[];
}

export interface Source {
  name: string;
  bytes: number | null;
  read_bytes: number;
  complete: boolean;
}

export interface Settings {
  preset: PresetId;
  gates: 'strict' | 'lenient';
  gate_limits: GateLimits | null;
  sent: number | null;
  time_zone: string | null;
  rules_file: string | null;
  /** The numbers of the pattern rules; docs/findings.md names each. */
  thresholds: Record<string, number>;
  trusted_domains: string[] | null;
  overrides: Override[];
}

export interface GateLimits {
  watch: number;
  stop: number;
  total: number;
}

export interface Override {
  scope: { person: string } | { cause: string } | { template: string };
  decision: DecisionId;
  note: string | null;
}

export interface Filter {
  bucket: string | null;
  cause: string | null;
  provider: string | null;
  domain: string | null;
  job: string | null;
  source: string | null;
  ip: string | null;
  label: string | null;
  decision: string | null;
  template: string | null;
  /** Unix seconds. */
  from: number | null;
  /** Unix seconds, itself left out. */
  until: number | null;
  search: string | null;
}

export interface Format {
  id: string;
  name: string;
  confidence: Confidence | null;
  encoding: string;
  delimiter: string | null;
  header: boolean;
  /** A backslash stands before quotes within quotes. */
  escape: boolean;
  day_order: 'mdy' | 'dmy' | 'ymd' | 'iso' | 'epoch' | 'unknown';
  time_zone: string | null;
  packing: string | null;
  purpose: 'bounces' | 'sent' | 'addresses' | 'suppressions';
}

/** Names of columns; `#1`, `#2`, … in a file without header. */
export interface Mapping {
  text: string[];
  key: string | null;
  recipient: string | null;
  domain: string | null;
  timestamp: string | null;
  job: string | null;
  source: string | null;
  label: string[];
  code: string | null;
  enhanced: string | null;
  ip: string | null;
  kind: string | null;
  message: string | null;
  unique: string | null;
  pool: string | null;
  sender: string | null;
}

export interface Rows {
  read: number;
  decided: number;
  undecided: number;
  not_bounces: number;
  unreadable: number;
}

/** Events of bounces, not people. */
export interface Totals {
  by_bucket: Record<string, number>;
  by_cause: Record<string, number>;
  by_action: Record<string, number>;
  by_provider: Record<string, number>;
}

export interface Labels {
  conflicts: number;
  by_label: Record<string, LabelCount>;
  /** People whom a label calls hard and nothing proves dead. */
  kept_off_suppression: number;
}

export interface LabelCount {
  count: number;
  conflicts: number;
  by_bucket: Record<string, number>;
  example: string | null;
}

export interface Gates {
  hard_people: number;
  bounced_people: number;
  hard_rate: number | null;
  total_rate: number | null;
  hard_rate_by_label: number | null;
  status: 'ok' | 'watch' | 'stop' | 'needs_sent_count';
}

/** A pattern in the bounces. */
export interface Finding {
  kind: string;
  subject: string | null;
  subject_kind: string | null;
  bucket: Bucket | null;
  cause: Cause | null;
  count: number;
  group_count: number;
  share: number;
  people: number | null;
  since: string | null;
  until: string | null;
  trend: 'new' | 'spreading' | 'steady' | 'repeating' | 'fading' | 'over' | null;
  rule: string;
  title: string;
  sentence: string;
  do: string[];
  do_not: string[];
  filter: Filter;
}

/** A wording with what differs masked, and how often it came. */
export interface Template {
  template: string;
  example: string;
  count: number;
  domains: number;
  jobs: number;
  first: string | null;
  last: string | null;
  bucket: Bucket;
  cause: Cause;
  confidence: Confidence;
  rule: string | null;
}

/** People by decision. Called, it gives the people one by one: `for await (const person of analysis.decisions())`. */
export interface Decisions {
  (): AsyncGenerator<Decision, void, undefined>;
  summary: Record<DecisionId, number>;
  rows: null;
}

export interface Decision {
  /** Exactly as in the file; the address where there is no key. */
  key: string;
  recipient: string | null;
  decision: DecisionId;
  cause: Cause;
  rule: string | null;
  count: number;
  first: string | null;
  last: string | null;
  last_reply: string;
  label: string | null;
  label_conflict: boolean;
  retry_until: string | null;
  sfmc_status: 'active' | 'bounced' | 'held' | null;
  override: boolean;
  note: string | null;
}

/** An existing suppression list against what the replies prove: people. */
export interface ListCheck {
  listed: number;
  dead: number;
  release: number;
  consent: number;
  unclear: number;
  unseen: number;
  missing: number;
}

export interface RowError {
  line: number;
  reason: string;
}

export interface AnalyzeOptions extends Options {
  /** Which column (or columns) answers which need, before what is found. */
  map?: Partial<Record<keyof Mapping, string | string[]>>;
  preset?: PresetId;
  gates?: 'strict' | 'lenient';
  /** Messages sent; rates need it. */
  sent?: number;
  dayOrder?: 'mdy' | 'dmy' | 'ymd';
  /** Of times that name none, as `-06:00`. */
  timeZone?: string;
  /** Domains that the Marketing Cloud account trusts. */
  trustedDomains?: string[];
  /** Stops the analysis: the promise is rejected with `aborted`. */
  signal?: AbortSignal;
}

export interface Progress {
  bytes: number;
  totalBytes: number;
  rows: number;
  /** The most costly finding so far. */
  finding: Finding | null;
}

/**
 * What is thrown. `not_initialized`: no `init` yet; `load_failed`: by `init` alone; `bad_input`: neither string nor bytes;
 * `bad_rules`: see `faults`; `no_rows`: the files hold none, the message says why; `aborted`: by the signal; `crashed`: the program died, load
 * the module anew.
 */
export interface Failure extends Error {
  code: 'not_initialized' | 'load_failed' | 'bad_input' | 'bad_rules' | 'no_rows' | 'aborted' | 'crashed';
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

/** Analyses an export of bounces, or several files as one: the same object as `undelivered csv --json`. Files are read piece by piece. */
export function analyzeCsv(
  file: Blob | Blob[], options?: AnalyzeOptions, onProgress?: (progress: Progress) => void,
): Promise<Analysis>;

/** Which program and rules these are. */
export function version(): Tool;

//! What each platform's events look like: which names they carry, and what stands under them.

/// One kind of event. Paths are names joined by `.`, alternatives by `|`; empty where the platform has no such field.
pub(super) struct Shape {
    /// As its label's source names it.
    pub name: &'static str,
    /// Sets of paths (joined by `+`); one set that is all there gives the platform away. `path=value` asks for a value's beginning.
    pub marks: &'static [&'static str],
    /// The kind of the event.
    pub kind: &'static str,
    /// A list of recipients, each an address or an object.
    pub each: &'static str,
    pub recipient: &'static str,
    /// The receiver's reply.
    pub words: &'static str,
    /// The platform's own sentence: it counts as words only where it reads like a reply or tells of the platform's suppression list.
    pub canned: &'static str,
    pub code: &'static str,
    pub enhanced: &'static str,
    /// The SMTP command that was answered.
    pub command: &'static str,
    pub host: &'static str,
    pub ip: &'static str,
    /// The platform's own class, joined with `/`.
    pub label: &'static [&'static str],
}

const NONE: Shape = Shape {
    name: "",
    marks: &[],
    kind: "event",
    each: "",
    recipient: "email|recipient",
    words: "",
    canned: "",
    code: "",
    enhanced: "",
    command: "",
    host: "",
    ip: "",
    label: &[],
};

/// Sources: each platform's webhook or event reference.
pub(super) const SHAPES: [Shape; 26] = [
    Shape {
        name: "Amazon SES",
        marks: &["notificationType+mail", "eventType+mail", "bounce.bouncedRecipients", "complaint.complainedRecipients"],
        kind: "notificationType|eventType",
        each: "bounce.bouncedRecipients|complaint.complainedRecipients|deliveryDelay.delayedRecipients|delivery.recipients|mail.destination",
        recipient: "emailAddress",
        words: "diagnosticCode|reject.reason|failure.errorMessage|delivery.smtpResponse",
        canned: "bounce.bounceSubType",
        enhanced: "status",
        host: "delivery.remoteMta",
        label: &["bounce.bounceType|deliveryDelay.delayType|complaint.complaintFeedbackType", "bounce.bounceSubType"],
        ..NONE
    },
    Shape {
        name: "SendGrid",
        marks: &["sg_event_id", "sg_message_id", "event+smtp-id", "event+bounce_classification"],
        words: "reason|response",
        enhanced: "status",
        ip: "ip",
        label: &["type|event", "bounce_classification"],
        ..NONE
    },
    Shape {
        name: "Mailgun",
        marks: &["delivery-status", "event+recipient+log-level", "event+signature+recipient"],
        words: "delivery-status.message|reject.reason|error|notification",
        canned: "delivery-status.description",
        code: "delivery-status.code|code",
        enhanced: "delivery-status.enhanced-code",
        host: "delivery-status.mx-host",
        ip: "envelope.sending-ip",
        label: &["severity|event", "reason"],
        ..NONE
    },
    Shape {
        name: "Postmark",
        marks: &["RecordType+MessageID", "TypeCode+Details", "RecordType=Bounce", "Details+BouncedAt"],
        kind: "Type|RecordType",
        recipient: "Email|Recipient",
        words: "Details",
        canned: "Description",
        label: &["Type|RecordType"],
        ..NONE
    },
    Shape {
        name: "SparkPost",
        marks: &["rcpt_to+type", "raw_reason", "rcpt_to+bounce_class"],
        kind: "type",
        recipient: "raw_rcpt_to|rcpt_to",
        words: "raw_reason|reason",
        code: "error_code",
        host: "remote_addr",
        ip: "sending_ip",
        label: &["bounce_class|type"],
        ..NONE
    },
    Shape {
        name: "Mandrill",
        marks: &["event+msg.email", "msg.bgtools_code", "msg.diag"],
        recipient: "msg.email",
        words: "msg.diag|msg.smtp_events.diag",
        canned: "msg.reject.reason|msg.reject_reason",
        label: &["event", "msg.bounce_description"],
        ..NONE
    },
    Shape {
        name: "KumoMTA",
        marks: &["response.content+recipient", "response.code+recipient", "bounce_classification+egress_source"],
        kind: "type",
        each: "recipient",
        words: "response.content",
        code: "response.code",
        enhanced: "response.enhanced_code",
        command: "response.command",
        host: "peer_address.name",
        ip: "source_address.address|source_address",
        label: &["bounce_classification"],
        ..NONE
    },
    Shape {
        name: "Brevo",
        marks: &["event+message-id+email", "ts_epoch+email", "event+reason+ts_event"],
        words: "reason",
        ip: "sending_ip",
        label: &["event"],
        ..NONE
    },
    Shape {
        name: "Mailjet",
        marks: &["mj_campaign_id", "error_related_to", "event+mj_contact_id", "event+hard_bounce+email", "event+MessageID+email"],
        words: "comment|smtp_reply",
        canned: "error",
        label: &["event", "error"],
        ..NONE
    },
    Shape {
        name: "Resend",
        marks: &["type=email.+data"],
        kind: "type",
        each: "data.to",
        recipient: "data.to",
        words: "data.bounce.diagnosticCode|data.failed.reason",
        canned: "data.bounce.message|data.suppressed.message",
        label: &["data.bounce.type|type", "data.bounce.subType"],
        ..NONE
    },
    Shape {
        name: "MailerSend",
        marks: &["type=activity.+data", "data.morph"],
        kind: "type",
        recipient: "data.email.recipient.email|data.recipient.email",
        words: "data.morph.reason",
        label: &["data.type|type"],
        ..NONE
    },
    Shape {
        name: "Mailtrap",
        marks: &["sending_stream+event", "bounce_category+response_code"],
        words: "response|reason",
        code: "response_code",
        label: &["event", "bounce_category"],
        ..NONE
    },
    Shape {
        name: "Postal",
        marks: &["payload.message+payload.status", "payload.original_message", "event=Message+payload"],
        recipient: "payload.message.to|payload.original_message.to",
        words: "payload.output",
        canned: "payload.details",
        label: &["payload.status|event"],
        ..NONE
    },
    Shape {
        name: "Unisender Go",
        marks: &["event_name=transactional", "event_data.delivery_info", "delivery_info.destination_response", "delivery_info+status"],
        kind: "event_data.status|status",
        recipient: "event_data.email|email",
        words: "event_data.delivery_info.destination_response|delivery_info.destination_response",
        label: &["event_data.status|status", "event_data.delivery_info.delivery_status|delivery_info.delivery_status"],
        ..NONE
    },
    Shape {
        name: "HubSpot",
        marks: &["emailCampaignId", "portalId+recipient", "dropReason+recipient", "appId+recipient+type"],
        kind: "type",
        words: "response",
        canned: "dropReason|dropMessage|bounceReason|notSentReason|category",
        enhanced: "status",
        label: &["category|dropReason|type"],
        ..NONE
    },
    Shape {
        name: "Braze",
        marks: &["dispatch_id+email_address", "email_address+bounce_reason"],
        kind: "event_type",
        recipient: "email_address",
        words: "bounce_reason",
        code: "bounce_code",
        ip: "sending_ip",
        label: &["event_type"],
        ..NONE
    },
    Shape {
        name: "Zoho Campaigns",
        marks: &["contact_email+bounce_reason", "bounce_extended_code", "bounce_type+contact_email"],
        kind: "bounce_type",
        recipient: "contact_email",
        words: "bounce_reason",
        code: "bounce_code",
        enhanced: "bounce_extended_code",
        label: &["bounce_type"],
        ..NONE
    },
    Shape {
        name: "Azure Communication Services",
        marks: &["deliveryStatusDetails", "deliveryAttemptTimestamp+status"],
        kind: "status",
        words: "deliveryStatusDetails.statusMessage",
        host: "deliveryStatusDetails.recipientMailServerHostName",
        label: &["status"],
        ..NONE
    },
    Shape {
        name: "Salesforce Marketing Cloud",
        marks: &["eventCategoryType=TransactionalSendEvents", "eventCategoryType+info"],
        kind: "eventCategoryType",
        recipient: "info.to|composite.email|compositeId",
        words: "info.reason|info.bounceReason|info.smtpReason",
        code: "info.bounceCode|info.smtpCode",
        label: &["info.bounceType|info.bounceCategory"],
        ..NONE
    },
    Shape {
        name: "ActiveCampaign",
        marks: &["descript+tstamp", "subscriberid+descript"],
        kind: "type",
        canned: "descript",
        enhanced: "code",
        label: &["type", "code"],
        ..NONE
    },
    Shape {
        name: "Haraka",
        marks: &["bounce_error+rcpt_to", "todo.rcpt_to"],
        recipient: "rcpt_to.original|todo.rcpt_to.original",
        words: "bounce_error|response",
        ..NONE
    },
    Shape {
        name: "ZoneMTA",
        marks: &["short_message+_response", "_mx+_to"],
        kind: "_mail_action|_category",
        recipient: "_to",
        words: "_response",
        host: "_mx",
        ip: "_src|_ip",
        label: &["_category"],
        ..NONE
    },
    Shape {
        name: "Postfix",
        marks: &["queue_name+queue_id+recipients"],
        kind: "",
        each: "recipients",
        recipient: "address",
        words: "delay_reason",
        ..NONE
    },
    Shape {
        name: "SMTP2GO",
        marks: &["event+rcpt+context", "event+rcpt+bounce", "event+sendtime+rcpt"],
        recipient: "rcpt",
        words: "context|message",
        host: "host",
        ip: "srchost",
        label: &["bounce|event"],
        ..NONE
    },
    Shape {
        name: "Customer.io",
        marks: &["metric+object_type+data"],
        kind: "metric",
        recipient: "data.recipient",
        words: "data.failure_message",
        label: &["metric"],
        ..NONE
    },
    // Suppression lists of SendGrid's API: `[{"created":…, "email":…, "reason":…, "status":…}]`.
    Shape {
        name: "SendGrid",
        marks: &["created+email+reason+status", "created+email+reason"],
        kind: "",
        words: "reason",
        enhanced: "status",
        ..NONE
    },
];

/// SparkPost's and Momentum's bounce classes (support.sparkpost.com, "Bounce Classification Codes").
pub(crate) fn momentum_class(number: &str) -> Option<&'static str> {
    Some(match number {
        "1" => "Undetermined",
        "10" => "Invalid Recipient",
        "20" => "Soft Bounce",
        "21" => "DNS Failure",
        "22" => "Mailbox Full",
        "23" => "Too Large",
        "24" => "Timeout",
        "25" => "Admin Failure",
        "30" => "Generic Bounce: No RCPT",
        "40" => "Generic Bounce",
        "50" => "Mail Block",
        "51" => "Spam Block",
        "52" => "Spam Content",
        "53" => "Prohibited Attachment",
        "54" => "Relaying Denied",
        "60" => "Auto-Reply",
        "70" => "Transient Failure",
        "80" => "Subscribe",
        "90" => "Unsubscribe",
        "100" => "Challenge-Response",
        _ => return None,
    })
}

//! Every kind of event there is, in the groups in which people look for it. A test
//! fails when a feature records a kind that is not here.

/// Kinds that are looked for together.
#[derive(Debug)]
pub struct Group {
    /// Its name in the URL and at the end of its locale key.
    pub name: &'static str,
    /// Its kinds.
    pub kinds: &'static [&'static str],
}

/// All of them.
pub const GROUPS: &[Group] = &[
    Group {
        name: "accounts",
        kinds: &[
            "user.signed_in",
            "user.sign_in_failed",
            "user.signed_out",
            "access.refused",
            "user.reset_asked",
            "user.email_asked",
            "user.invited",
            "user.token_made",
            "user.token_revoked",
            "user.second_factor_asked",
            "user.factor_added",
            "user.factor_removed",
            "user.factors_reset",
            "user.recovery_codes_made",
            "user.recovery_code_used",
            "user.passkey_refused",
            "sso.linked",
            "sso.unlinked",
            "sso.refused",
            "user.created",
            "user.updated",
            "role.created",
            "role.updated",
            "user.consented",
        ],
    },
    Group {
        name: "tickets",
        kinds: &[
            "ticket.created",
            "ticket.assigned",
            "ticket.transferred",
            "ticket.unassigned",
            "ticket.status_changed",
            "ticket.escalated",
            "ticket.resolved",
            "ticket.closed",
            "ticket.reopened",
            "ticket.queue_changed",
            "ticket.priority_changed",
            "ticket.category_changed",
            "ticket.edited",
            "ticket.commented",
            "ticket.retracted",
            "ticket.participant_added",
            "ticket.participant_removed",
            "attachment.downloaded",
        ],
    },
    Group {
        name: "companies",
        kinds: &[
            "company.created",
            "company.updated",
            "company.privacy_saved",
        ],
    },
    Group {
        name: "catalog",
        kinds: &["queue.saved", "category.saved", "channel.saved"],
    },
    Group {
        name: "answers",
        kinds: &[
            "answer.created",
            "answer.updated",
            "view.saved",
            "view.removed",
        ],
    },
    Group {
        name: "system",
        kinds: &[
            "desk.updated",
            "signin.rules_changed",
            "sso.provider_created",
            "sso.provider_updated",
            "desk.privacy_saved",
            "audit.exported",
            "audit.verify_asked",
            "audit.verified",
            "search.replay_asked",
        ],
    },
];

/// The locale key of a kind's words.
#[must_use]
pub fn key(kind: &str) -> String {
    format!("audit-{}", kind.replace(['.', '_'], "-"))
}

/// The group of this name.
pub(crate) fn group(name: &str) -> Option<&'static Group> {
    GROUPS.iter().find(|group| group.name == name)
}

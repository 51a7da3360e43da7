//! What a provider says of somebody (claims), and what that makes of them here.

use kit::Role;
use people::RoleId;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// What a provider says of somebody.
#[derive(Clone, Debug, Default)]
pub struct Claims(pub Map<String, Value>);

impl Claims {
    /// The claim of this name, or at this place: `realm_access.roles`.
    pub fn at(&self, path: &str) -> Option<&Value> {
        // A name may have dots of its own: https://acme.test/roles.
        if let Some(value) = self.0.get(path) {
            return Some(value);
        }
        let (first, rest) = path.split_once('.')?;
        let inside = self.0.get(first)?;
        rest.split('.')
            .try_fold(inside, |value, name| value.get(name))
    }

    /// The texts of a claim: of a list, each.
    pub fn texts(&self, path: &str) -> Vec<String> {
        match self.at(path) {
            Some(Value::Array(all)) => all.iter().filter_map(text).collect(),
            Some(one) => text(one).into_iter().collect(),
            None => Vec::new(),
        }
    }

    /// The one text of a claim, unless it is empty.
    pub fn text(&self, name: &str) -> Option<&str> {
        let text = self.0.get(name)?.as_str()?.trim();
        Some(text).filter(|text| !text.is_empty())
    }

    /// Who it is, for ever and at this provider only.
    pub fn subject(&self) -> &str {
        self.0
            .get("sub")
            .and_then(Value::as_str)
            .unwrap_or_default()
    }

    /// The address, in lower case.
    pub fn email(&self) -> Option<String> {
        people::address(self.text("email")?).ok()
    }

    /// Whether the provider says that the address is theirs. Some write it as a text.
    pub fn is_verified(&self) -> bool {
        match self.0.get("email_verified") {
            Some(Value::Bool(yes)) => *yes,
            Some(Value::String(text)) => text == "true",
            _ => false,
        }
    }

    /// What to call them.
    pub fn name(&self) -> Option<String> {
        let both = || {
            let (given, family) = (self.text("given_name")?, self.text("family_name")?);
            Some(format!("{given} {family}"))
        };
        let name = self.text("name").map(str::to_owned).or_else(both);
        let name = name.or_else(|| self.text("preferred_username").map(str::to_owned));
        name.map(|name| name.chars().take(160).collect())
    }
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(yes) => Some(yes.to_string()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Whoever has this value in this claim has this role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleRule {
    /// The claim's name, or its place.
    pub claim: String,
    /// The value, or one of a list.
    pub value: String,
    /// The role.
    pub role: Given,
}

/// What a rule gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum Given {
    /// What somebody is.
    Role(Role),
    /// A role that was made here, which says what they are, too.
    Made(RoleId),
}

impl Given {
    /// What is called so in forms and rows: a role's name, or an id.
    pub fn from_code(code: &str) -> Option<Given> {
        let made = || code.parse().ok().map(Given::Made);
        Role::from_code(code).map(Given::Role).or_else(made)
    }
}

impl std::fmt::Display for Given {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Given::Role(role) => f.write_str(role.code()),
            Given::Made(id) => id.fmt(f),
        }
    }
}

impl From<Given> for String {
    fn from(given: Given) -> String {
        given.to_string()
    }
}

impl TryFrom<String> for Given {
    type Error = &'static str;

    fn try_from(code: String) -> Result<Given, &'static str> {
        Given::from_code(&code).ok_or("no role")
    }
}

/// The role of the first rule that fits, from above.
pub fn role(rules: &[RoleRule], claims: &Claims) -> Option<Given> {
    let fits = |rule: &&RoleRule| claims.texts(&rule.claim).contains(&rule.value);
    rules.iter().find(fits).map(|rule| rule.role)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn claims(value: Value) -> Claims {
        Claims(value.as_object().unwrap().clone())
    }

    #[test]
    fn the_first_rule_that_fits_says_the_role() {
        let rule = |claim: &str, value: &str, role| RoleRule {
            claim: claim.to_owned(),
            value: value.to_owned(),
            role: Given::Role(role),
        };
        let rules = [
            rule("groups", "desk-admins", Role::Admin),
            rule("realm_access.roles", "helpdesk", Role::Tech),
            rule("https://acme.test/staff", "true", Role::Supervisor),
        ];
        for (said, wanted) in [
            (json!({}), None),
            (json!({ "groups": "desk-admins" }), Some(Role::Admin)),
            (json!({ "groups": ["a", "desk-admins"] }), Some(Role::Admin)),
            (json!({ "groups": ["desk-admins-not"] }), None),
            (json!({ "groups": "a desk-admins b" }), None),
            (json!({ "groups": ["Desk-Admins"] }), None),
            (
                json!({ "realm_access": { "roles": ["helpdesk"] } }),
                Some(Role::Tech),
            ),
            (
                json!({ "groups": ["desk-admins"], "realm_access": { "roles": ["helpdesk"] } }),
                Some(Role::Admin),
            ),
            (
                json!({ "https://acme.test/staff": true }),
                Some(Role::Supervisor),
            ),
            (json!({ "groups": { "desk-admins": true } }), None),
        ] {
            let found = role(&rules, &claims(said.clone()));
            assert_eq!(found, wanted.map(Given::Role), "{said}");
        }
    }

    #[test]
    fn a_rule_of_before_roles_were_made_here_is_read() {
        let made = RoleId(uuid::Uuid::from_u128(7));
        for (stored, role) in [
            (r#""tech""#.to_owned(), Given::Role(Role::Tech)),
            (format!("\"{made}\""), Given::Made(made)),
        ] {
            let text = format!(r#"[{{"claim":"groups","value":"it","role":{stored}}}]"#);
            let rules: Vec<RoleRule> = serde_json::from_str(&text).unwrap();
            assert_eq!(rules[0].role, role);
            assert_eq!(serde_json::to_string(&rules).unwrap(), text);
        }
        assert!(serde_json::from_str::<Given>(r#""king""#).is_err());
    }

    #[test]
    fn an_address_is_verified_only_when_the_provider_says_so() {
        for (said, wanted) in [
            (json!(true), true),
            (json!("true"), true),
            (json!(false), false),
            (json!("false"), false),
            (json!(1), false),
            (json!(null), false),
        ] {
            let claims = claims(json!({ "email_verified": said }));
            assert_eq!(claims.is_verified(), wanted);
        }
        assert!(!Claims::default().is_verified());
    }

    #[test]
    fn somebody_is_called_what_the_provider_says_best() {
        let name = |value| claims(value).name();
        assert_eq!(name(json!({ "name": " Ana Lima " })).unwrap(), "Ana Lima");
        let both =
            json!({ "given_name": "Ana", "family_name": "Lima", "preferred_username": "al" });
        assert_eq!(name(both).unwrap(), "Ana Lima");
        assert_eq!(
            name(json!({ "preferred_username": "al", "name": "" })).unwrap(),
            "al"
        );
        assert_eq!(name(json!({ "name": 7 })), None);
    }
}

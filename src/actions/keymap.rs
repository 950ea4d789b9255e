//! Which key means which action: the defaults of the table, with the person's own keys on top.

use std::collections::{BTreeMap, HashMap};

use super::{Action, Key, KeyError, Scope, TABLE};

/// The keys in force. The person's own keys always win over a default.
#[derive(Clone, Debug)]
pub struct Keymap {
    by_key: HashMap<(Scope, Key), Action>,
    by_action: HashMap<Action, Vec<Key>>,
}

/// Why the keys of the settings cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeymapError {
    /// No action has this id.
    #[error("[keys] has no action \"{0}\"; `?` in the dashboard and the README list them")]
    UnknownAction(String),
    /// A text names no key.
    #[error("[keys] {action}: {error}")]
    BadKey {
        /// The action it was written for.
        action: String,
        /// What is wrong with it.
        error: KeyError,
    },
    /// One key for two actions in the same place.
    #[error("[keys] {key} is bound to both {first} and {second}")]
    Twice {
        /// The key.
        key: String,
        /// One action.
        first: &'static str,
        /// The other.
        second: &'static str,
    },
    /// A key that types a character, in dialogs.
    #[error(
        "[keys] {action}: {key} types a character in dialogs; bind a key such as enter, f2 or ctrl-x there"
    )]
    Types {
        /// The action it was written for.
        action: &'static str,
        /// The key.
        key: String,
    },
    /// Nothing would leave the program.
    #[error("[keys] {0} needs at least one key, or there is no way out")]
    NoWayOut(&'static str),
}

impl Default for Keymap {
    /// The keys of the table.
    fn default() -> Self {
        let mut keymap = Self { by_key: HashMap::new(), by_action: HashMap::new() };
        for spec in TABLE {
            let keys: Vec<Key> = spec.keys.iter().filter_map(|text| text.parse().ok()).collect();
            for key in &keys {
                keymap.by_key.insert((spec.scope, *key), spec.action);
            }
            keymap.by_action.insert(spec.action, keys);
        }
        keymap
    }
}

impl Keymap {
    /// The defaults with `own` on top: an action's id and the keys it is to have instead; none unbinds it.
    ///
    /// # Errors
    /// Unknown actions and keys, one key for two actions, and a program that cannot be left.
    pub fn with(own: &BTreeMap<String, Vec<String>>) -> Result<Self, KeymapError> {
        let mut keymap = Self::default();
        let mut claimed: HashMap<(Scope, Key), &'static str> = HashMap::new();
        for (id, texts) in own {
            let spec = TABLE
                .iter()
                .find(|spec| spec.id == id)
                .ok_or_else(|| KeymapError::UnknownAction(id.clone()))?;
            let keys = texts
                .iter()
                .map(|text| text.parse::<Key>())
                .collect::<Result<Vec<_>, _>>()
                .map_err(|error| KeymapError::BadKey { action: id.clone(), error })?;
            if let Some(key) = keys.iter().find(|key| spec.scope == Scope::Dialog && key.typed().is_some()) {
                return Err(KeymapError::Types { action: spec.id, key: key.to_string() });
            }
            keymap.release(spec.scope, spec.action);
            for key in &keys {
                if let Some(first) =
                    claimed.insert((spec.scope, *key), spec.id).filter(|first| *first != spec.id)
                {
                    return Err(KeymapError::Twice { key: key.to_string(), first, second: spec.id });
                }
                keymap.claim(spec.scope, *key, spec.action);
            }
            keymap.by_action.insert(spec.action, keys);
        }
        for action in [Action::Quit, Action::Dismiss] {
            if keymap.keys(action).is_empty() {
                return Err(KeymapError::NoWayOut(action.spec().id));
            }
        }
        Ok(keymap)
    }

    fn release(&mut self, scope: Scope, action: Action) {
        self.by_key.retain(|(s, _), bound| *s != scope || *bound != action);
    }

    /// Gives `key` to `action`, taking it from whoever had it.
    fn claim(&mut self, scope: Scope, key: Key, action: Action) {
        if let Some(loser) = self.by_key.insert((scope, key), action).filter(|loser| *loser != action)
            && let Some(keys) = self.by_action.get_mut(&loser)
        {
            keys.retain(|kept| *kept != key);
        }
    }

    /// The action of `key` in `scope`.
    #[must_use]
    pub fn action(&self, scope: Scope, key: Key) -> Option<Action> {
        self.by_key.get(&(scope, key)).copied()
    }

    /// The keys of `action`, the most important first.
    #[must_use]
    pub fn keys(&self, action: Action) -> &[Key] {
        self.by_action.get(&action).map_or(&[], Vec::as_slice)
    }

    /// The first key of `action` as the screen shows it; empty when it has none.
    #[must_use]
    pub fn label(&self, action: Action) -> String {
        self.keys(action).first().map(Key::label).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own(pairs: &[(&str, &[&str])]) -> BTreeMap<String, Vec<String>> {
        pairs
            .iter()
            .map(|(id, keys)| ((*id).into(), keys.iter().map(|key| (*key).into()).collect()))
            .collect()
    }

    #[test]
    fn no_default_key_means_two_things() {
        let mut seen = HashMap::new();
        for spec in TABLE {
            for text in spec.keys {
                let key: Key = text.parse().expect("a default key");
                assert_eq!(seen.insert((spec.scope, key), spec.id), None, "{text} twice in {:?}", spec.scope);
            }
        }
    }

    #[test]
    fn own_keys_win_and_empty_unbinds() {
        let keymap =
            Keymap::with(&own(&[("redact", &["ctrl-x"]), ("edit", &["j"]), ("mouse", &[])])).expect("keys");
        assert_eq!(keymap.action(Scope::Desk, Key::char('X')), None);
        assert_eq!(keymap.action(Scope::Desk, Key::ctrl('x')), Some(Action::Redact));
        assert_eq!(keymap.action(Scope::Desk, Key::char('j')), Some(Action::Edit));
        assert_eq!(keymap.keys(Action::Down), [Key::plain(super::super::Code::Down)]);
        assert_eq!(keymap.label(Action::Mouse), "");
    }

    #[test]
    fn bad_keys_are_named() {
        let twice = Keymap::with(&own(&[("edit", &["x"]), ("cancel", &["x"])])).expect_err("one key twice");
        assert_eq!(twice.to_string(), "[keys] x is bound to both cancel and edit");
        assert!(matches!(Keymap::with(&own(&[("fly", &["x"])])), Err(KeymapError::UnknownAction(_))));
        assert!(matches!(Keymap::with(&own(&[("quit", &[])])), Err(KeymapError::NoWayOut("quit"))));
        assert!(matches!(Keymap::with(&own(&[("dialog-dismiss", &["q"])])), Err(KeymapError::Types { .. })));
        let bad = Keymap::with(&own(&[("edit", &["hyper-x"])])).expect_err("no such key");
        assert!(bad.to_string().starts_with("[keys] edit: there is no key"), "{bad}");
    }
}

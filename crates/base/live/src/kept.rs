use std::any::Any;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::Live;

/// Small lists that stand on many pages and seldom change, in memory until they do.
#[derive(Default)]
pub(crate) struct Kept(Mutex<HashMap<&'static str, Entry>>);

struct Entry {
    /// The log's newest event before it was read: what came later may have changed it.
    made: i64,
    list: Arc<dyn Any + Send + Sync>,
}

impl Live {
    /// The list called `name`, if nothing of `topic` has changed since it was read,
    /// as far as the event `seq`. Not even a moment old: where this process has not
    /// seen the log so far itself, it knows nothing.
    #[must_use]
    pub fn kept<T: Send + Sync + 'static>(
        &self,
        name: &'static str,
        topic: &str,
        seq: i64,
    ) -> Option<Arc<T>> {
        if self.head() < seq {
            return None;
        }
        let (made, list) = {
            let lists = self.kept.0.lock().unwrap_or_else(PoisonError::into_inner);
            let entry = lists.get(name)?;
            (entry.made, entry.list.clone())
        };
        match self.versions(true).get(topic) {
            Some(changed) if *changed > made => None,
            _ => list.downcast().ok(),
        }
    }

    /// Keeps a list that was read when the log's newest event was `made`.
    pub fn keep<T: Send + Sync + 'static>(&self, name: &'static str, made: i64, list: Arc<T>) {
        let mut lists = self.kept.0.lock().unwrap_or_else(PoisonError::into_inner);
        lists.insert(name, Entry { made, list });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Change;

    #[test]
    fn a_list_is_known_until_something_of_its_topic_changes() {
        let live = Live::default();
        live.begin(HashMap::from([("queues", 3)]), 7);
        let changed = |topic, seq| {
            let subject = uuid::Uuid::nil();
            vec![Change {
                seq,
                topic,
                subject,
                owner: None,
            }]
        };
        live.keep("queues", 7, Arc::new(vec![1, 2]));
        let known = |seq| live.kept::<Vec<i32>>("queues", "queues", seq).is_some();
        assert!(known(7));
        assert!(!known(8), "this process has not seen the event 8");
        live.pass(changed("users", 8), 8);
        assert!(known(8));
        live.pass(changed("queues", 9), 9);
        assert!(!known(9) && !known(8));
        live.keep("queues", 9, Arc::new(vec![1]));
        assert!(known(9));
    }
}

use std::any::Any;
use std::collections::HashMap;
use std::hash::Hash;
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

/// Things by their ids, as many as were asked for.
type Known<K, V> = Mutex<HashMap<K, Arc<V>>>;

/// So many things of a kind are kept; with more it begins anew.
const MOST: usize = 10_000;

impl Live {
    /// The list called `name`, which only events of `topic` change: from memory while
    /// none came up to the event `seq`, or else from `read`. At 0, always from `read`:
    /// what is read then belongs to no place in the log.
    ///
    /// # Errors
    /// Those of `read`.
    pub async fn list<T: Send + Sync + 'static, E>(
        &self,
        name: &'static str,
        topic: &str,
        seq: i64,
        read: impl Future<Output = Result<T, E>>,
    ) -> Result<Arc<T>, E> {
        if let Some(known) = self.kept(name, topic, seq) {
            return Ok(known);
        }
        let list = Arc::new(read.await?);
        self.keep(name, seq, list.clone());
        Ok(list)
    }

    /// The things with these ids, in the same way: `read` is asked for those only
    /// that are not in memory. A thing that there is not is not in the answer.
    ///
    /// # Errors
    /// Those of `read`.
    pub async fn each<K, V, E, R>(
        &self,
        name: &'static str,
        topic: &str,
        seq: i64,
        mut ids: Vec<K>,
        read: impl FnOnce(Vec<K>) -> R,
    ) -> Result<HashMap<K, Arc<V>>, E>
    where
        K: Copy + Eq + Hash + Send + 'static,
        V: Send + Sync + 'static,
        R: Future<Output = Result<HashMap<K, V>, E>>,
    {
        let known: Arc<Known<K, V>> = match self.kept(name, topic, seq) {
            Some(known) => known,
            None => {
                let known = Arc::default();
                self.keep(name, seq, Arc::clone(&known));
                known
            }
        };
        let mut found = HashMap::with_capacity(ids.len());
        {
            let known = known.lock().unwrap_or_else(PoisonError::into_inner);
            ids.retain(|id| match known.get(id) {
                Some(thing) => {
                    found.insert(*id, thing.clone());
                    false
                }
                None => true,
            });
        }
        if ids.is_empty() {
            return Ok(found);
        }
        let read = read(ids).await?;
        let mut known = known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() + read.len() > MOST {
            known.clear();
        }
        for (id, thing) in read {
            let thing = Arc::new(thing);
            known.insert(id, thing.clone());
            found.insert(id, thing);
        }
        Ok(found)
    }

    /// The list called `name`, if nothing of `topic` has changed since it was read,
    /// as far as the event `seq`. Not even a moment old: where this process has not
    /// seen the log so far itself, it knows nothing.
    #[must_use]
    fn kept<T: Send + Sync + 'static>(
        &self,
        name: &'static str,
        topic: &str,
        seq: i64,
    ) -> Option<Arc<T>> {
        if seq == 0 || self.head() < seq {
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
    fn keep<T: Send + Sync + 'static>(&self, name: &'static str, made: i64, list: Arc<T>) {
        if made == 0 {
            return;
        }
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
                places: Vec::new(),
                company: None,
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
        live.keep("queues", 0, Arc::new(vec![1]));
        assert!(!known(0), "what belongs to no place in the log is not kept");
    }

    #[tokio::test]
    async fn only_things_that_are_not_known_are_read() {
        let live = Live::default();
        live.begin(HashMap::from([("users", 3)]), 7);
        let asked = Mutex::new(Vec::new());
        let names = async |ids: &[u8], seq: i64| {
            let read = |ids: Vec<u8>| {
                asked.lock().unwrap().push(ids.clone());
                let name = |id: u8| (id, format!("{id}"));
                async move { Ok::<_, ()>(ids.into_iter().filter(|id| *id < 9).map(name).collect()) }
            };
            let found = live.each("people", "users", seq, ids.to_vec(), read).await;
            let mut found: Vec<u8> = found.unwrap().into_keys().collect();
            found.sort_unstable();
            found
        };
        assert_eq!(names(&[1, 2], 7).await, [1, 2]);
        assert_eq!(names(&[2, 3, 9], 7).await, [2, 3]);
        assert_eq!(names(&[1, 2, 3], 7).await, [1, 2, 3]);
        assert_eq!(*asked.lock().unwrap(), [vec![1, 2], vec![3, 9]]);
        let change = Change {
            seq: 8,
            topic: "users",
            subject: uuid::Uuid::nil(),
            owner: None,
            places: Vec::new(),
            company: None,
        };
        live.pass(vec![change], 8);
        assert_eq!(names(&[1], 8).await, [1]);
        assert_eq!(names(&[1], 0).await, [1]);
        assert_eq!(asked.lock().unwrap().len(), 4);
    }
}

//! `/admin/queues`, `/admin/categories`, `/admin/channels`, and into which queues and
//! companies somebody may look.

pub mod categories;
pub mod channels;
pub mod limits;
pub mod queues;

use axum::response::Response;
use kit::{Error, Problems, Result, Tx, redirect_done};

/// Ends a form: on to the list, or back with what is wrong.
async fn saved<T>(tx: Tx, result: Result<T>, list: &str) -> Result<Result<Response, Problems>> {
    match result {
        Ok(_) => {
            tx.commit().await?;
            Ok(Ok(redirect_done(list, "saved")))
        }
        Err(Error::Invalid(problems)) => Ok(Err(problems)),
        Err(error) => Err(error),
    }
}

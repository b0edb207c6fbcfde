//! One of many in a transaction: when a rule says no to it, what it wrote until then is undone, and the others stay.

use crate::db::Tx;
use crate::error::Result;
use crate::terms::Failure;
use domain::refusal::Refusal;

/// `Ok(Err)` is a refusal, with everything that `f` wrote undone; a failure of the store ends the transaction as ever.
pub fn attempt<T>(tx: &mut dyn Tx, f: impl FnOnce(&mut dyn Tx) -> Result<T, Failure>) -> Result<Result<T, Refusal>> {
    tx.exec("savepoint one_of_many", &[])?;
    let done = match f(tx) {
        Ok(done) => Ok(done),
        Err(Failure::Store(error)) => return Err(error),
        Err(Failure::Refusal(refusal)) => {
            tx.exec("rollback to savepoint one_of_many", &[])?;
            Err(refusal)
        }
    };
    tx.exec("release savepoint one_of_many", &[])?;
    Ok(done)
}

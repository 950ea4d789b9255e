//! Work that waits for the disk, or calculates for long, where it holds up nobody. Floor 0: imports nothing.

use std::any::Any;
use std::{io, panic};

/// The runtime shuts down: the work was not begun, or nobody hears of its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the program is ending")]
pub struct Ending;

impl From<Ending> for io::Error {
    fn from(ending: Ending) -> Self {
        Self::other(ending)
    }
}

/// Does `work` off the async threads, and waits for it.
///
/// # Errors
/// Those of `work`, and [`Ending`] as one of them.
///
/// # Panics
/// When `work` does.
pub async fn run<T, E>(work: impl FnOnce() -> Result<T, E> + Send + 'static) -> Result<T, E>
where
    T: Send + 'static,
    E: From<Ending> + Send + 'static,
{
    match tokio::task::spawn_blocking(erase(work)).await {
        Ok(done) => *done.downcast().expect("what the work returns"),
        Err(error) => match error.try_into_panic() {
            Ok(fault) => panic::resume_unwind(fault),
            Err(_) => Err(Ending.into()),
        },
    }
}

/// Work of one type, whatever it does: a task is compiled for each type of work, and there are dozens.
fn erase<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Box<dyn FnOnce() -> Box<dyn Any + Send> + Send> {
    Box::new(move || Box::new(work()))
}

#[cfg(test)]
mod tests {
    use std::future::{Future as _, poll_fn};
    use std::pin::pin;

    use super::*;

    #[tokio::test]
    async fn work_keeps_its_own_error() {
        let refused = || io::Error::from(io::ErrorKind::PermissionDenied);
        let failed = run(move || Err::<(), _>(refused())).await.expect_err("it was refused");
        assert_eq!(failed.kind(), io::ErrorKind::PermissionDenied);
        assert_eq!(run(|| Ok::<_, Ending>(1)).await, Ok(1));
    }

    #[test]
    fn a_runtime_that_shuts_down_is_told_from_work_that_fails() {
        let runtime = || tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        let (ended, running) = (runtime(), runtime());
        let handle = ended.handle().clone();
        ended.shutdown_background();
        let mut work = pin!(run(|| Ok::<_, Ending>(1)));
        let done = running.block_on(poll_fn(|context| {
            let _entered = handle.enter();
            work.as_mut().poll(context)
        }));
        assert_eq!(done, Err(Ending));
    }

    #[tokio::test]
    #[should_panic(expected = "a fault")]
    async fn a_fault_in_the_work_is_no_end_of_the_program() {
        let _ = run(|| -> Result<(), Ending> { panic!("a fault") }).await;
    }
}

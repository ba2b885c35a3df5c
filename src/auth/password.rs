//! Passwords as argon2id hashes. One thread of its own does the work, one password at a time, behind
//! a short queue, so that a flood of logins can take neither the memory nor the cores. Knows no
//! accounts.

use std::{
    sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel},
    thread,
};

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString},
};
use tokio::sync::oneshot;

use super::fault::Fault;

/// How many passwords may wait.
pub const QUEUE_MAX: usize = 32;
/// The longest password, in bytes.
pub const PASSWORD_MAX_BYTES: usize = 1024;

/// 19 MiB, two passes, one lane: the second choice of RFC 9106's successor advice by OWASP.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// Checked when there is no such account, so that the time of an answer does not tell. No password
/// is known for it.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$cGFybG91ci1ub2JvZHkxMg$\
                      Zm9yLXdob2V2ZXItaXMtbm90LWhlcmUtYXQtYWxsLTE";

/// The queue is full; nothing was done.
#[derive(Debug, PartialEq, Eq)]
pub struct QueueFull;

/// The face of the thread; it ends when this is dropped.
pub struct Passwords {
    queue: SyncSender<Job>,
}

struct Job {
    password: String,
    hash: Option<String>,
    answer: oneshot::Sender<Result<bool, Fault>>,
}

impl Passwords {
    /// Starts the thread.
    ///
    /// # Errors
    /// The system refuses a thread.
    pub fn start() -> Result<Self, Fault> {
        let (queue, jobs) = sync_channel(QUEUE_MAX);
        thread::Builder::new()
            .name("passwords".into())
            .spawn(move || work(&jobs))
            .map_err(|why| Fault::Password(why.to_string()))?;
        Ok(Self { queue })
    }

    /// Whether the password fits the hash; a `None` never fits and takes as long. The outer error
    /// comes at once, before anything was computed.
    pub fn fits(
        &self,
        password: String,
        hash: Option<String>,
    ) -> Result<impl Future<Output = Result<bool, Fault>> + use<>, QueueFull> {
        let (answer, answered) = oneshot::channel();
        match self.queue.try_send(Job { password, hash, answer }) {
            Ok(()) => {}
            Err(TrySendError::Full(_)) => return Err(QueueFull),
            Err(TrySendError::Disconnected(job)) => {
                let _ = job.answer.send(Err(Fault::Password("its thread is gone".into())));
            }
        }
        Ok(async move {
            answered.await.unwrap_or_else(|_| Err(Fault::Password("its thread is gone".into())))
        })
    }
}

/// The PHC string of a password. Takes tens of milliseconds; for the command line and tests.
///
/// # Errors
/// [`Fault::Password`], [`Fault::Randomness`].
pub fn hash(password: &str) -> Result<String, Fault> {
    let mut salt = [0; 16];
    getrandom::fill(&mut salt).map_err(|_| Fault::Randomness)?;
    let broken = |why: argon2::password_hash::Error| Fault::Password(why.to_string());
    let salt = SaltString::encode_b64(&salt).map_err(broken)?;
    Ok(argon2()?.hash_password(password.as_bytes(), &salt).map_err(broken)?.to_string())
}

fn work(jobs: &Receiver<Job>) {
    while let Ok(job) = jobs.recv() {
        if job.answer.is_closed() {
            continue; // whoever asked has gone
        }
        let _ = job.answer.send(check(&job.password, job.hash.as_deref()));
    }
}

fn check(password: &str, hash: Option<&str>) -> Result<bool, Fault> {
    let parsed = PasswordHash::new(hash.unwrap_or(NOBODY))
        .map_err(|why| Fault::Password(format!("a stored hash is unreadable ({why})")))?;
    match argon2()?.verify_password(password.as_bytes(), &parsed) {
        Ok(()) => Ok(hash.is_some()),
        Err(argon2::password_hash::Error::Password) => Ok(false),
        Err(why) => Err(Fault::Password(why.to_string())),
    }
}

fn argon2() -> Result<Argon2<'static>, Fault> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None)
        .map_err(|why| Fault::Password(why.to_string()))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn hashes_fit_their_password_only() {
        let passwords = Passwords::start().expect("a thread");
        let phc = hash("верный пароль").expect("a hash");
        assert!(phc.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        for (password, hash, expected) in [
            ("верный пароль", Some(phc.clone()), true),
            ("wrong", Some(phc), false),
            ("whatever", None, false),
        ] {
            let fits = passwords.fits(password.into(), hash).expect("room").await;
            assert_eq!(fits.expect("a verdict"), expected, "{password}");
        }
        let broken = passwords.fits("x".into(), Some("not a hash".into())).expect("room").await;
        assert!(matches!(broken, Err(Fault::Password(_))));
    }

    #[test]
    fn the_queue_is_short() {
        let (queue, jobs) = sync_channel(QUEUE_MAX);
        let passwords = Passwords { queue };
        let waiting: Vec<_> =
            (0..QUEUE_MAX).map(|_| passwords.fits("x".into(), None).expect("room")).collect();
        assert_eq!(passwords.fits("x".into(), None).err(), Some(QueueFull));
        drop(waiting);
        drop(passwords);
        work(&jobs); // nobody waits any more, so nothing is computed
        assert!(jobs.try_recv().is_err());
    }
}

//! Signals as messages: those that end the program let it give the terminal back on the ordinary way out.

use std::io;

use tokio::sync::mpsc::UnboundedSender;

use crate::app::Msg;

#[cfg(unix)]
use super::{ending, extent};

/// Tells the loop that something ends the program, and that the window has another size.
#[cfg(unix)]
pub(super) fn watch(inbox: &UnboundedSender<Msg>) -> io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};

    let end = inbox.clone();
    tokio::spawn(async move {
        ending::noted().await;
        let _ = end.send(Msg::Terminate);
    });
    let (mut resized, inbox) = (signal(SignalKind::window_change())?, inbox.clone());
    tokio::spawn(async move {
        while resized.recv().await.is_some() {
            let Ok(size) = extent::size() else { continue };
            if inbox.send(Msg::Resize(size)).is_err() {
                break;
            }
        }
    });
    Ok(())
}

/// There are no such signals here; Ctrl-C is a key, and a new size an event.
#[cfg(not(unix))]
pub(super) fn watch(_inbox: &UnboundedSender<Msg>) -> io::Result<()> {
    Ok(())
}

//! Signals as messages: those that end the program let it give the terminal back on the ordinary way out.

use std::io;

use tokio::sync::mpsc::UnboundedSender;

use crate::app::Msg;
use crate::app::geometry::Size;

/// Watches for SIGTERM, SIGHUP and SIGINT, and for another size of the window, and says so to the loop.
#[cfg(unix)]
pub(super) fn watch(inbox: &UnboundedSender<Msg>) -> io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};

    for kind in [SignalKind::terminate(), SignalKind::hangup(), SignalKind::interrupt()] {
        let (mut signal, inbox) = (signal(kind)?, inbox.clone());
        tokio::spawn(async move {
            if signal.recv().await.is_some() {
                let _ = inbox.send(Msg::Terminate);
            }
        });
    }
    let (mut resized, inbox) = (signal(SignalKind::window_change())?, inbox.clone());
    tokio::spawn(async move {
        while resized.recv().await.is_some() {
            let Ok((cols, rows)) = crossterm::terminal::size() else { continue };
            if inbox.send(Msg::Resize(Size { cols, rows })).is_err() {
                break;
            }
        }
    });
    #[cfg(debug_assertions)]
    {
        // So that a test can see the terminal come back from a panic. No release has it.
        let mut signal = signal(SignalKind::user_defined1())?;
        tokio::spawn(async move {
            let asked = signal.recv().await;
            assert!(asked.is_none(), "asked to panic by SIGUSR1");
        });
    }
    Ok(())
}

/// There are no such signals here; Ctrl-C is a key, and a new size an event.
#[cfg(not(unix))]
pub(super) fn watch(_inbox: &UnboundedSender<Msg>) -> io::Result<()> {
    Ok(())
}

//! The black-box tests: one binary that starts the real executable and knows only its outside -
//! HTTP, WebSocket, files, signals, exit codes. `tidy` reads the sources instead.

#[cfg(test)]
mod authors;
#[cfg(test)]
mod bridge;
#[cfg(test)]
mod crash;
#[cfg(test)]
mod harness;
#[cfg(test)]
mod life;
#[cfg(test)]
mod moderation;
#[cfg(test)]
mod native;
#[cfg(test)]
mod tidy;

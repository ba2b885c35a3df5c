//! Engine.IO sessions over HTTP polling and WebSockets.

//! Streams of any SQL database as data: catalogue, keyset statements, positions, pages.

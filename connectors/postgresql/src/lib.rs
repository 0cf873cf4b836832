//! PostgreSQL by binary COPY.

package dev.gatehouse.billing.simulation;

/** What can go wrong, each by chance where it can happen. */
enum Fault {
    /** All threads of an instance end where they are; its memory is lost, its transactions are rolled back. */
    INSTANCE_KILLED,
    /** All threads of an instance stand still, longer than a lease perhaps, and then go on as if nothing were. */
    INSTANCE_PAUSED,
    /** One thread stands still while the others of its instance go on. */
    THREAD_STALLED,
    DATABASE_REFUSES_STATEMENT,
    /** The commit fails and the transaction is rolled back. */
    COMMIT_REFUSED,
    /** The transaction is committed, but who asked for it is told of an error. */
    COMMIT_ANSWER_LOST,
    PUBLISH_REFUSED,
    /** The message is lost before the broker has it. */
    MESSAGE_LOST,
    CONFIRM_LOST,
    MESSAGE_NACKED,
    MESSAGE_RETURNED,
    MESSAGE_DUPLICATED,
    MESSAGE_REORDERED,
    /** The broker loses a message that it has confirmed. */
    MESSAGE_FORGOTTEN,
    MESSAGE_POISONED,
    /** A call fails without an effect. */
    CALL_REFUSED,
    /** A call has its effect, its answer is an error. */
    CALL_ANSWERED_WRONGLY,
    /** The same, and the idempotency key remembers the error for as long as it lives. */
    CALL_ERROR_REMEMBERED,
    /** A call has its effect after the caller has given up, possibly after it was killed. */
    CALL_ARRIVES_LATE,
    /** A call has its effect, its answer comes after the caller has given up. */
    CALL_ANSWER_LOST,
    PRICE_CHANGED,
    PAYMENT_DECLINED,
    REQUEST_REPEATED,
    REQUEST_ANSWER_LOST
}

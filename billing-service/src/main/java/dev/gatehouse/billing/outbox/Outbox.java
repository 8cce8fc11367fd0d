package dev.gatehouse.billing.outbox;

import dev.gatehouse.billing.trace.Trace;
import java.util.Map;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Where a transaction leaves the messages that must go out if, and only if, it commits. */
@Component
public class Outbox {

    private final OutboxRows rows;
    private final Wakeup wakeup;

    Outbox(OutboxRows rows, Wakeup wakeup) {
        this.rows = rows;
        this.wakeup = wakeup;
    }

    /** Writes the message in the caller's transaction, and wakes the relay when that has committed. */
    @Transactional(propagation = Propagation.MANDATORY)
    public void add(OutboxMessage message) {
        rows.insert(
                message,
                Trace.current().map(trace -> Map.of(Trace.HEADER, trace)).orElseGet(Map::of));
        wakeAfterCommit();
    }

    /** Writes, in the caller's transaction, a message that is to be delivered once more as it came. */
    @Transactional(propagation = Propagation.MANDATORY)
    public void add(ReceivedMessage message) {
        rows.insert(message);
        wakeAfterCommit();
    }

    private void wakeAfterCommit() {
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCommit() {
                wakeup.wake();
            }
        });
    }
}

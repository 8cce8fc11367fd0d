package dev.gatehouse.billing.simulation;

import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.transaction.support.DefaultTransactionStatus;

/** Spring's own rules of begin, join, commit and roll back, over the database of the simulation. */
final class SimulatedTransactions extends AbstractPlatformTransactionManager {

    private static final long serialVersionUID = 1L;

    private final transient Database database;

    SimulatedTransactions(Database database) {
        this.database = database;
    }

    @Override
    protected Object doGetTransaction() {
        return database;
    }

    @Override
    protected boolean isExistingTransaction(Object transaction) {
        return database.inTransaction();
    }

    @Override
    protected void doBegin(Object transaction, TransactionDefinition definition) {
        database.begin();
    }

    @Override
    protected void doCommit(DefaultTransactionStatus status) {
        database.commit();
    }

    @Override
    protected void doRollback(DefaultTransactionStatus status) {
        database.rollback();
    }

    @Override
    protected void doSetRollbackOnly(DefaultTransactionStatus status) {
        // Whoever joined has failed, and lets the exception pass: who began rolls back.
    }
}

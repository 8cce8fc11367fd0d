package dev.gatehouse.billing.order;

import dev.gatehouse.billing.simulation.Database;
import java.util.List;
import java.util.Objects;

/** Messages put aside, in the simulation's database. */
public final class ParkedTable extends ParkedMessages {

    private final Database database;
    private final Database.Table<Integer, String> rows;
    private int number;

    public ParkedTable(Database database) {
        super(null, null, null, null);
        this.database = database;
        this.rows = database.new Table<>("parked_messages");
    }

    @Override
    public void park(Letter letter, String reason, String error) {
        database.statement(
                "parked.insert", () -> rows.insert(number++, Objects.requireNonNullElse(letter.messageId(), reason)));
    }

    /** Their message ids. */
    public List<String> committedIds() {
        return rows.committed();
    }
}

package dev.gatehouse.billing.input;

import java.util.List;

/** A request body with rules that span several of its fields. */
public interface SelfChecking {

    /** What is wrong; fields that are wrong by themselves may be null here and are somebody else's to report. */
    List<FieldProblem> check();
}

package io.freshet.serve.topic;

import java.util.Locale;

/** When an answer counts. */
public enum Isolation {
    /** Once the job's checkpoint is complete: seconds later, and never taken back. */
    READ_COMMITTED,
    /** As soon as it is written; the job may fail then, and answer again with another list. */
    READ_UNCOMMITTED;

    /** The value of Kafka's {@code isolation.level}. */
    String level() {
        return name().toLowerCase(Locale.ROOT);
    }
}

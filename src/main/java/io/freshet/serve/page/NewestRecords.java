package io.freshet.serve.page;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.ArrayDeque;
import java.util.Deque;

/** The newest records of a topic, oldest first. Not thread-safe. */
final class NewestRecords {

    private final int most;
    private final Deque<JsonNode> records = new ArrayDeque<>();
    private long added;

    /**
     * @param most records that are kept
     */
    NewestRecords(int most) {
        this.most = most;
    }

    void add(JsonNode record) {
        added++;
        records.addLast(record);
        if (records.size() > most) {
            records.removeFirst();
        }
    }

    /** How many were added, those no longer kept included. */
    long added() {
        return added;
    }

    /** Writes those that are kept. */
    void writeTo(ArrayNode array) {
        records.forEach(array::add);
    }
}

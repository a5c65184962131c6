package io.freshet.event.query;

import java.util.List;

/**
 * What somebody asks for: a record of the topic of requests.
 *
 * @param requestId identity that the answer repeats; whoever asks chooses it, so it may come twice
 * @param kind what is asked for
 * @param userId the user; empty if there is none
 * @param items what the list is to follow, oldest first: a session's items, or the one item that
 *     others are to be similar to; empty for the other kinds
 * @param size most items of the list; 0 for as many as lists have
 * @param filter which items the list may have
 * @param explain whether each item is to carry what each source added to its score, whatever the
 *     configuration says
 * @param timeout how long somebody waits for the answer, milliseconds from its arrival; 0 if that
 *     is not said
 * @param partition partition of the topic that it was read from
 * @param offset offset in that partition
 * @param arrivedAt the timestamp of its Kafka record, milliseconds since the epoch
 */
public record Query(
        String requestId,
        Kind kind,
        String userId,
        List<String> items,
        int size,
        ItemFilter filter,
        boolean explain,
        long timeout,
        int partition,
        long offset,
        long arrivedAt) {

    /** What is asked for. */
    public enum Kind {
        /** The user's list, as activity would make it. */
        PERSONAL,
        /** What goes with an item. */
        SIMILAR_ITEMS,
        /** What a user gets of whom nothing is known. */
        POPULAR,
        /** What follows some items, of whomever they are. */
        NEXT_IN_SESSION
    }

    /** Whether the answer is to say what it was made from: only if that is a user, or a session. */
    public boolean explainsUser() {
        return explain && (kind == Kind.PERSONAL || kind == Kind.NEXT_IN_SESSION);
    }

    /**
     * Whether nobody waits for the answer any more.
     *
     * @param now wall-clock time, milliseconds since the epoch
     * @param most milliseconds that anybody waits
     */
    public boolean isExpired(long now, long most) {
        return now - arrivedAt > (timeout == 0 ? most : Math.min(timeout, most));
    }

    /** An identity that no other query has, nor a request that activity leads to. */
    public String uniqueId() {
        return "query/" + partition + "/" + offset;
    }

    /** What it is kept in order by on its way: the user, or, where there is none, itself. */
    public String key() {
        return userId.isEmpty() ? uniqueId() : userId;
    }
}

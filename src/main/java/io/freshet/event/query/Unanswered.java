package io.freshet.event.query;

/** Why a query gets no list. */
public enum Unanswered {
    /** Nothing is known of the item. */
    UNKNOWN_ITEM,
    /** No item that is known passes the filter, or none is known. */
    NOTHING_LEFT,
    /** It was too old when its turn came. */
    EXPIRED,
    /** The user was forgotten meanwhile. */
    FORGOTTEN
}

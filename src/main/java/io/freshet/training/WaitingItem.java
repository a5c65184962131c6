package io.freshet.training;

/**
 * An item without a row that interactions name, as state holds it.
 *
 * @param count interactions so far
 */
public record WaitingItem(String itemId, int count) {}

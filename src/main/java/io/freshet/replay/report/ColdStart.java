package io.freshet.replay.report;

/**
 * Figures of the tested positions before which little was known. Positions of users without any
 * earlier interaction are not tested by protocol P.
 *
 * @param rareItems the item had fewer than {@value #RARE_ITEM} earlier interactions
 * @param newItems of these, the item had none in the first half, which makes the base model
 * @param newUsers the user had fewer than {@value #NEW_USER} earlier interactions
 */
public record ColdStart(Figures rareItems, Figures newItems, Figures newUsers) {

    /** Earlier interactions from which on an item is not rare any more. */
    public static final int RARE_ITEM = 5;

    /** Earlier interactions from which on a user is not new any more. */
    public static final int NEW_USER = 3;
}

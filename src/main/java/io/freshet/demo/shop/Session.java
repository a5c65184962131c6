package io.freshet.demo.shop;

import org.jspecify.annotations.Nullable;

/**
 * A visit that is not over.
 *
 * @param next shop time of the next choice, milliseconds since the epoch
 * @param left choices left, that one included
 * @param last the last item chosen, null at the start
 */
record Session(
        long next, Shopper shopper, Department department, int left, @Nullable ShopItem last) {

    Session then(long time, ShopItem chosen) {
        return new Session(time, shopper, department, left - 1, chosen);
    }
}

package io.freshet.source;

import io.freshet.event.CatalogItem;
import io.freshet.event.DeadLetter;
import org.jspecify.annotations.Nullable;

/**
 * What became of a record of the items topic; one component is set.
 *
 * @param event the event, null when the record could not be understood
 * @param deadLetter the refused record with its reason, null when there is an event
 */
public record DecodedCatalogItem(@Nullable CatalogItem event, @Nullable DeadLetter deadLetter)
        implements Decoded<CatalogItem> {

    static DecodedCatalogItem of(CatalogItem event) {
        return new DecodedCatalogItem(event, null);
    }

    static DecodedCatalogItem of(DeadLetter deadLetter) {
        return new DecodedCatalogItem(null, deadLetter);
    }

    @Override
    public long timestampOr(long other) {
        return event == null ? other : event.timestamp();
    }
}

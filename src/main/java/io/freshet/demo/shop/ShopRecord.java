package io.freshet.demo.shop;

import io.freshet.event.CatalogItem;
import io.freshet.event.Interaction;

/** Something that arrives at the topics, in ascending order of {@link #arrival()}. */
public sealed interface ShopRecord {

    /** Shop time at which it arrives, milliseconds since the epoch. */
    long arrival();

    /**
     * An interaction; its event time lies before its arrival when it is late.
     *
     * @param again whether it was sent before
     */
    record Sale(long arrival, Interaction interaction, boolean again) implements ShopRecord {}

    /** A catalog record. */
    record Announcement(long arrival, CatalogItem item) implements ShopRecord {}

    /**
     * A record of the interactions topic that is broken.
     *
     * @param fault what is wrong with it
     * @param value its bytes
     */
    record Broken(long arrival, Fault fault, byte[] value) implements ShopRecord {}
}

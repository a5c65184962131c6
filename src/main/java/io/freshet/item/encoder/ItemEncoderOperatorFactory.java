package io.freshet.item.encoder;

import io.freshet.config.EncoderConfig;
import io.freshet.config.ItemConfig;
import io.freshet.event.CatalogItem;
import io.freshet.event.EncodedItem;
import io.freshet.model.ContentLayout;
import io.freshet.model.TextEncoderRuntime;
import io.freshet.runtime.attribute.ItemAttributes;
import org.apache.flink.streaming.api.operators.AbstractStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.OneInputStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.StreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;

/**
 * Makes the operator that gives the catalog's items their content vectors: for {@code
 * catalog.keyBy(CatalogItem::itemId).transform(…)}. The vector of the text precedes the record's
 * vectors of other modalities; the whole is empty for an item with none of them.
 */
public final class ItemEncoderOperatorFactory extends AbstractStreamOperatorFactory<EncodedItem>
        implements OneInputStreamOperatorFactory<CatalogItem, EncodedItem> {

    private static final long serialVersionUID = 1L;

    private final EncoderConfig config;
    private final ItemConfig items;
    private final TextEncoderRuntime runtime;
    private final ItemAttributes attributes;
    private final ContentLayout layout;

    /**
     * @param items says how long vectors are kept
     * @param runtime loaded in the task for its first text
     * @param attributes what becomes of categories and attributes
     * @param layout of the vectors
     */
    public ItemEncoderOperatorFactory(
            EncoderConfig config,
            ItemConfig items,
            TextEncoderRuntime runtime,
            ItemAttributes attributes,
            ContentLayout layout) {
        this.config = config;
        this.items = items;
        this.runtime = runtime;
        this.attributes = attributes;
        this.layout = layout;
    }

    @Override
    @SuppressWarnings("unchecked")
    public <T extends StreamOperator<EncodedItem>> T createStreamOperator(
            StreamOperatorParameters<EncodedItem> parameters) {
        return (T) new ItemEncoderOperator(parameters, config, items, runtime, attributes, layout);
    }

    @Override
    @SuppressWarnings("rawtypes")
    public Class<? extends StreamOperator> getStreamOperatorClass(ClassLoader classLoader) {
        return ItemEncoderOperator.class;
    }
}

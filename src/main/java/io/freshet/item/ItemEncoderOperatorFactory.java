package io.freshet.item;

import io.freshet.config.EncoderConfig;
import io.freshet.event.CatalogItem;
import io.freshet.event.EncodedItem;
import io.freshet.model.ContentLayout;
import io.freshet.model.TextEncoderRuntime;
import org.apache.flink.streaming.api.operators.AbstractStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.OneInputStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.StreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;

/**
 * Makes the operator that gives items of the catalog their content vectors: for {@code
 * catalog.keyBy(CatalogItem::itemId).transform(…)}. What the encoder gives a text stands in front
 * of the record's vectors of other modalities; a vector is empty where an item has nothing of them.
 */
public final class ItemEncoderOperatorFactory extends AbstractStreamOperatorFactory<EncodedItem>
        implements OneInputStreamOperatorFactory<CatalogItem, EncodedItem> {

    private static final long serialVersionUID = 1L;

    private final EncoderConfig config;
    private final TextEncoderRuntime runtime;
    private final ContentLayout layout;

    /**
     * @param runtime loaded in the task when its first text comes
     * @param layout of the vectors
     */
    public ItemEncoderOperatorFactory(
            EncoderConfig config, TextEncoderRuntime runtime, ContentLayout layout) {
        this.config = config;
        this.runtime = runtime;
        this.layout = layout;
    }

    @Override
    @SuppressWarnings("unchecked")
    public <T extends StreamOperator<EncodedItem>> T createStreamOperator(
            StreamOperatorParameters<EncodedItem> parameters) {
        return (T) new ItemEncoderOperator(parameters, config, runtime, layout);
    }

    @Override
    @SuppressWarnings("rawtypes")
    public Class<? extends StreamOperator> getStreamOperatorClass(ClassLoader classLoader) {
        return ItemEncoderOperator.class;
    }
}

package io.freshet;

import io.freshet.config.EncoderConfig;
import io.freshet.config.FreshetConfig;
import io.freshet.event.CatalogItem;
import io.freshet.event.EncodedItem;
import io.freshet.event.Interaction;
import io.freshet.event.TrainingSequence;
import io.freshet.item.ItemText;
import io.freshet.model.ContentLayout;
import io.freshet.model.ModelRuntime;
import io.freshet.model.TextEncoder;
import io.freshet.model.TextEncoderRuntime;
import io.freshet.model.TextIsolation;
import io.freshet.model.tensorflow.TensorFlowModelRuntime;
import io.freshet.model.tensorflow.bert.TextEncoders;
import io.freshet.runtime.attribute.ItemAttributes;
import io.freshet.runtime.attribute.PositionAttributes;
import io.freshet.store.ModelStore;
import io.freshet.store.StoreException;
import io.freshet.training.TrainingSettings;
import io.freshet.training.version.Pretraining;
import io.freshet.training.version.PretrainingProgress;
import io.freshet.training.window.WholeHistory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Pre-trains the reference model on histories, with the content vectors that the job will use. */
public final class BaseTraining {

    private static final Logger LOG = LoggerFactory.getLogger(BaseTraining.class);
    private static final float[] NO_TEXT = {};
    private static final int ROOM_BYTES = 4 << 20; // few versions are smaller

    private final Function<EncoderConfig, TextEncoderRuntime> encoders;
    private final Consumer<PretrainingProgress> progress;

    /**
     * With the configured text encoder.
     *
     * @param progress receives every step and pass
     */
    public BaseTraining(Consumer<PretrainingProgress> progress) {
        this(TextEncoders::of, progress);
    }

    /**
     * @param encoders gives the text encoder that is configured
     * @param progress receives every step and pass
     */
    public BaseTraining(
            Function<EncoderConfig, TextEncoderRuntime> encoders,
            Consumer<PretrainingProgress> progress) {
        this.encoders = encoders;
        this.progress = progress;
    }

    /**
     * Makes the next version of the configured store.
     *
     * @param histories each user's interactions in order of time
     * @param items the catalog's records of the items among them
     * @throws StoreException before anything is trained, if the store can't be written
     */
    public void make(
            FreshetConfig config, Collection<List<Interaction>> histories, List<CatalogItem> items)
            throws IOException {
        try (ModelStore store = new ModelStore(config.store())) {
            store.requireWritable(ROOM_BYTES);
            PositionAttributes taken = TakenAttributes.ofPositions(config);
            List<TrainingSequence> sequences =
                    histories.stream()
                            .map(rows -> WholeHistory.of(rows, config.history().feedback(), taken))
                            .flatMap(Optional::stream)
                            .toList();
            CatalogContent content = CatalogContent.of(config, encoders.apply(config.encoder()));
            TrainingSettings settings = TrainingSettings.of(config, content.layout());
            List<EncodedItem> encoded =
                    content.layout().width() == 0
                            ? List.of()
                            : encode(items, content, config.encoder().batchSize());
            new Pretraining(models(config), store, settings, progress).run(sequences, encoded);
        }
    }

    /** Nobody assigns this process a GPU: it takes the first that CUDA_VISIBLE_DEVICES leaves. */
    private static ModelRuntime models(FreshetConfig config) {
        var models = new TensorFlowModelRuntime(TextEncoders.unfrozen(config.encoder()));
        return switch (config.device().training()) {
            case CPU -> models;
            case GPU -> models.onGpu(config.device().gpuMemoryShare()).onDevice(() -> "0");
        };
    }

    private static List<EncodedItem> encode(
            List<CatalogItem> items, CatalogContent content, int batchSize) throws IOException {
        ContentLayout layout = content.layout();
        Map<String, float[]> texts =
                layout.textWidth() == 0 ? Map.of() : texts(items, content.encoder(), batchSize);
        List<EncodedItem> encoded = new ArrayList<>();
        for (CatalogItem item : items) {
            float[] text = texts.getOrDefault(item.itemId(), NO_TEXT);
            float[] vector = layout.join(text, layout.others(content.attributes().vectors(item)));
            if (vector.length > 0) {
                encoded.add(encoded(item, vector));
            }
        }
        return encoded;
    }

    /** What the encoder makes of the items that have a text, by item. */
    private static Map<String, float[]> texts(
            List<CatalogItem> items, TextEncoderRuntime runtime, int batchSize) throws IOException {
        List<CatalogItem> described =
                items.stream().filter(item -> !ItemText.of(item).isEmpty()).toList();
        Map<String, float[]> texts = new HashMap<>();
        try (TextEncoder encoder = runtime.load()) {
            for (int from = 0; from < described.size(); from += batchSize) {
                List<CatalogItem> batch =
                        described.subList(from, Math.min(described.size(), from + batchSize));
                TextIsolation isolation =
                        new TextIsolation(
                                encoder,
                                (index, cause) ->
                                        LOG.warn(
                                                "The text of item '{}' can't be encoded: it goes"
                                                        + " without the text's vector",
                                                batch.get(index).itemId(),
                                                cause));
                float[][] vectors = isolation.encode(batch.stream().map(ItemText::of).toList());
                for (int index = 0; index < vectors.length; index++) {
                    texts.put(batch.get(index).itemId(), vectors[index]);
                }
            }
        }
        return texts;
    }

    private static EncodedItem encoded(CatalogItem item, float[] vector) {
        return new EncodedItem(
                item.itemId(), item.available(), item.timestamp(), vector, item.categories());
    }

    /**
     * What the content of items is read with; whoever makes a base and the job itself must agree on
     * it.
     *
     * @param encoder of texts
     * @param attributes what becomes of categories and attributes
     * @param layout of content vectors
     */
    record CatalogContent(
            TextEncoderRuntime encoder, ItemAttributes attributes, ContentLayout layout) {

        /** What is configured, with the configured encoder. */
        static CatalogContent of(FreshetConfig config, TextEncoderRuntime encoder) {
            ItemAttributes attributes = TakenAttributes.ofItems(config);
            return new CatalogContent(
                    encoder,
                    attributes,
                    ContentLayout.of(encoder, attributes.modalities(config.item().modalities())));
        }
    }
}

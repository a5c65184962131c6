package io.freshet;

import io.freshet.config.FreshetConfig;
import io.freshet.event.CatalogItem;
import io.freshet.event.EncodedItem;
import io.freshet.event.Interaction;
import io.freshet.event.TrainingSequence;
import io.freshet.item.ItemText;
import io.freshet.model.TextEncoder;
import io.freshet.model.TextEncoderRuntime;
import io.freshet.model.tensorflow.MiniLmRuntime;
import io.freshet.model.tensorflow.TensorFlowModelRuntime;
import io.freshet.store.ModelStore;
import io.freshet.training.Pretraining;
import io.freshet.training.PretrainingProgress;
import io.freshet.training.TrainingSettings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;

/** Pre-trains the reference model on histories, with the content vectors that the job will use. */
public final class BaseTraining {

    private final Consumer<PretrainingProgress> progress;

    /**
     * @param progress told of every step and pass
     */
    public BaseTraining(Consumer<PretrainingProgress> progress) {
        this.progress = progress;
    }

    /**
     * Makes the next version of the configured store.
     *
     * @param histories each user's interactions in order of time
     * @param items what the catalog says of the items among them
     */
    public void make(
            FreshetConfig config, Collection<List<Interaction>> histories, List<CatalogItem> items)
            throws IOException {
        List<TrainingSequence> sequences = histories.stream().map(Pretraining::history).toList();
        TextEncoderRuntime encoder = new MiniLmRuntime(config.encoder().maxTokens());
        TrainingSettings settings = TrainingSettings.of(config, encoder.width());
        List<EncodedItem> content =
                config.encoder().enabled()
                        ? encode(items, encoder, config.encoder().batchSize())
                        : List.of();
        try (ModelStore store = new ModelStore(config.store())) {
            new Pretraining(new TensorFlowModelRuntime(), store, settings, progress)
                    .run(sequences, content);
        }
    }

    private static List<EncodedItem> encode(
            List<CatalogItem> items, TextEncoderRuntime runtime, int batchSize) throws IOException {
        List<CatalogItem> described =
                items.stream().filter(item -> !ItemText.of(item).isEmpty()).toList();
        List<EncodedItem> encoded = new ArrayList<>();
        try (TextEncoder encoder = runtime.load()) {
            for (int from = 0; from < described.size(); from += batchSize) {
                List<CatalogItem> batch =
                        described.subList(from, Math.min(described.size(), from + batchSize));
                float[][] vectors = encoder.encode(batch.stream().map(ItemText::of).toList());
                for (int index = 0; index < vectors.length; index++) {
                    encoded.add(encoded(batch.get(index), vectors[index]));
                }
            }
        }
        return encoded;
    }

    private static EncodedItem encoded(CatalogItem item, float[] vector) {
        return new EncodedItem(
                item.itemId(),
                item.title(),
                item.available(),
                item.timestamp(),
                vector,
                item.categories());
    }
}

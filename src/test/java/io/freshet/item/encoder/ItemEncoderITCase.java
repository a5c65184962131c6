package io.freshet.item.encoder;

import static org.assertj.core.api.Assertions.assertThat;

import io.freshet.config.EncoderConfig;
import io.freshet.config.EncoderConfig.EncoderPooling;
import io.freshet.event.CatalogItem;
import io.freshet.event.EncodedItem;
import io.freshet.model.ContentLayout;
import io.freshet.model.TextEncoder;
import io.freshet.model.tensorflow.bert.TextEncoders;
import io.freshet.runtime.attribute.ItemAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.util.CloseableIterator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The item encoder with its real encoder in a cluster. */
class ItemEncoderITCase {

    private static final EncoderConfig ENCODER =
            new EncoderConfig(true, "all-minilm-l6-v2", EncoderPooling.AUTO, 8, 64, 0);

    @RegisterExtension
    private static final MiniClusterExtension CLUSTER =
            new MiniClusterExtension(
                    new MiniClusterResourceConfiguration.Builder()
                            .setNumberTaskManagers(1)
                            .setNumberSlotsPerTaskManager(2)
                            .build());

    @Test
    void everyItemOfABoundedCatalogLeavesWithItsVector() throws Exception {
        Configuration configuration = new Configuration();
        configuration.set(PipelineOptions.GENERIC_TYPES, false);
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.getExecutionEnvironment(configuration);
        environment.setParallelism(2);
        List<CatalogItem> items = IntStream.range(0, 50).mapToObj(ItemEncoderITCase::item).toList();

        List<EncodedItem> encoded = new ArrayList<>();
        try (CloseableIterator<EncodedItem> results =
                environment
                        .fromData(items, TypeInformation.of(CatalogItem.class))
                        .keyBy(CatalogItem::itemId)
                        .transform(
                                "item encoder",
                                TypeInformation.of(EncodedItem.class),
                                new ItemEncoderOperatorFactory(
                                        ENCODER,
                                        TestingItemEncoding.ITEMS,
                                        TextEncoders.of(ENCODER),
                                        ItemAttributes.none(),
                                        ContentLayout.of(TextEncoders.of(ENCODER), Map.of())))
                        .executeAndCollect()) {
            results.forEachRemaining(encoded::add);
        }

        assertThat(encoded)
                .extracting(EncodedItem::itemId)
                .containsExactlyInAnyOrderElementsOf(
                        items.stream().map(CatalogItem::itemId).toList());
        try (TextEncoder encoder = TextEncoders.of(ENCODER).load()) {
            for (EncodedItem item : encoded) {
                String title = items.get(Integer.parseInt(item.itemId().substring(1))).title();
                assertThat(item.vector()).containsExactly(encoder.encode(List.of(title))[0]);
            }
        }
    }

    private static CatalogItem item(int number) {
        String title = "Ceramic mug with pattern number " + number;
        return new CatalogItem("i" + number, title, "", List.of(), true, number, Map.of());
    }
}

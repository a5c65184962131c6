package io.freshet.history;

import static io.freshet.history.TestingInteractions.interaction;
import static org.assertj.core.api.Assertions.assertThat;

import io.freshet.event.ItemHash;
import io.freshet.runtime.attribute.PositionAttributes;
import java.io.IOException;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.types.PojoTestUtils;
import org.junit.jupiter.api.Test;

class HistoryStateTest {

    @Test
    void isAPojoThatCanEvolve() {
        PojoTestUtils.assertSerializedAsPojoWithoutKryo(HistoryState.class);
    }

    @Test
    void aUserWithAFullHistoryTakesLessThanTwoKilobytes() throws IOException {
        HistoryState user = new HistoryState();
        Timeline timeline = new Timeline(50, PositionAttributes.none());
        for (int i = 0; i < 500; i++) {
            timeline.insert(user, interaction("item-" + (10_000 + i), i, i), 1);
            user.remembered = HashSets.append(user.remembered, ItemHash.of("event" + i), 100);
            if (i % 20 == 19) {
                timeline.cut(user, "ann", i + 1);
            }
        }

        assertThat(user.items).hasSize(50);
        assertThat(bytes(user)).isLessThan(2000);
    }

    @Test
    void aNewUserTakesLittle() throws IOException {
        HistoryState user = new HistoryState();
        user.remembered = HashSets.append(user.remembered, 1, 100);
        new Timeline(50, PositionAttributes.none())
                .insert(user, interaction("item-10000", 1, 1), 1);

        assertThat(bytes(user)).isLessThan(145);
    }

    private static int bytes(HistoryState state) throws IOException {
        DataOutputSerializer out = new DataOutputSerializer(1024);
        TypeInformation.of(HistoryState.class)
                .createSerializer(new SerializerConfigImpl())
                .serialize(state, out);
        return out.length();
    }
}

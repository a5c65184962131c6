package io.freshet.item;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.types.PojoTestUtils;
import org.junit.jupiter.api.Test;

class ItemStateTest {

    @Test
    void statesArePojosThatCanEvolve() {
        PojoTestUtils.assertSerializedAsPojoWithoutKryo(PopularityState.class);
        PojoTestUtils.assertSerializedAsPojoWithoutKryo(FollowersState.class);
        PojoTestUtils.assertSerializedAsPojoWithoutKryo(EncodedContentState.class);
        PojoTestUtils.assertSerializedAsPojoWithoutKryo(PendingItemState.class);
    }

    @Test
    void followersAreBoundedHoweverManyCome() throws IOException {
        Followers followers = new Followers(new Decay(Duration.ofDays(90)), 100);
        FollowersState item = new FollowersState();
        for (int i = 0; i < 5_000; i++) {
            followers.count(item, "item-" + (10_000 + i), i, 1);
        }

        assertThat(item.items).hasSize(100);
        assertThat(bytes(FollowersState.class, item)).isLessThan(1_700);
    }

    @Test
    void popularityIsFewBytes() throws IOException {
        PopularityState item = new PopularityState();
        new Popularity(List.of(Duration.ofHours(1), Duration.ofDays(1), Duration.ofDays(30)))
                .count(item, 1, 1);

        assertThat(bytes(PopularityState.class, item)).isLessThan(64);
    }

    private static <T> int bytes(Class<T> type, T state) throws IOException {
        DataOutputSerializer out = new DataOutputSerializer(1024);
        TypeInformation.of(type).createSerializer(new SerializerConfigImpl()).serialize(state, out);
        return out.length();
    }
}

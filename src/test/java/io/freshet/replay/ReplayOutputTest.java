package io.freshet.replay;

import org.apache.flink.types.PojoTestUtils;
import org.junit.jupiter.api.Test;

class ReplayOutputTest {

    @Test
    void travelsWithoutKryo() {
        PojoTestUtils.assertSerializedAsPojoWithoutKryo(ReplayOutput.class);
    }
}

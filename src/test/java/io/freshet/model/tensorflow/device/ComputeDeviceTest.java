package io.freshet.model.tensorflow.device;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.tensorflow.proto.ConfigProto;

class ComputeDeviceTest {

    @Test
    void aSessionOnCpusSeesNoGpu() {
        ConfigProto session = ComputeDevice.CPU.session().build();

        assertThat(session.getDeviceCountMap()).containsEntry("GPU", 0);
        assertThat(session.getAllowSoftPlacement()).isFalse();
    }

    @Test
    void aSessionOnAGpuSeesThatOneAndTakesItsMemoryAsNeededUpToItsShare() {
        ConfigProto session = ComputeDevice.gpu("3", 0.5f).session().build();

        assertThat(session.getDeviceCountMap()).containsEntry("GPU", 1);
        assertThat(session.getGpuOptions().getVisibleDeviceList()).isEqualTo("3");
        assertThat(session.getGpuOptions().getAllowGrowth()).isTrue();
        assertThat(session.getGpuOptions().getPerProcessGpuMemoryFraction()).isEqualTo(0.5);
        assertThat(session.getAllowSoftPlacement()).isFalse();
    }
}

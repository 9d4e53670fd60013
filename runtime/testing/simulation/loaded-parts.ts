/**
 * What a device loads when it first needs it takes real time, of which a scheduler of virtual time can't know: a slow disk
 * would look like a storage that hangs. So a simulation has it all before it begins.
 */
import '../../client/rare-errors'
import '../../client/verify'
import '../../core/digest'
import '../../storage/device-store/conflicts'
import '../../storage/device-store/demand'
import '../../storage/device-store/quarantine'

// How many times longer than usual things may take here, by TEST_TIME_FACTOR: more than 1 in a virtual machine without
// hardware virtualisation. jest.config.js has it for the tests themselves.

export const TIME_FACTOR = Number(process.env.TEST_TIME_FACTOR ?? 1);

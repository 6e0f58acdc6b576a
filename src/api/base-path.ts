// Where everything of the API lies; a change that breaks clients makes a new one.

export const BASE_PATH = '/rampart/v1';

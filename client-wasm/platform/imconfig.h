// Dear ImGui's settings for this product. Only drawing, fonts and the mouse position are used: no
// demo, no debugging windows, no files, no clipboard, no built-in font.
#pragma once

#define IMGUI_DISABLE_OBSOLETE_FUNCTIONS
#define IMGUI_DISABLE_FILE_FUNCTIONS
#define IMGUI_DISABLE_DEMO_WINDOWS
#define IMGUI_DISABLE_DEBUG_TOOLS
#define IMGUI_DISABLE_DEFAULT_FONT
#define IMGUI_DISABLE_DEFAULT_SHELL_FUNCTIONS
#define IMGUI_DISABLE_WIN32_FUNCTIONS
#define IMGUI_USE_WCHAR32
// A large screen full of rows can pass 65,536 vertices, and WebGL 2 has no vertex offset.
#define ImDrawIdx unsigned int
